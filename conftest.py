"""Root configuration: nbval sees only this one when it collects notebooks/."""

import os

# Progress bars print something else every run, and figures must be compared as JSON.
os.environ["TQDM_DISABLE"] = "1"
os.environ["PLOTLY_RENDERER"] = "plotly_mimetype"
