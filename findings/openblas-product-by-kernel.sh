#!/usr/bin/env bash
# numpy 2.4.6: the same product of the same wheel differs between two kernels of its OpenBLAS.
#
# OpenBLAS picks a kernel by the processor when numpy is imported (OPENBLAS_CORETYPE names another);
# Nehalem multiplies, then adds, Haswell fuses the two, and each adds in an order of its own. Most
# entries of a 300 x 200 by 200 x 300 product differ in their last digits, in single precision and in
# double. That is no bug: IEEE 754 fixes single operations, not the order of a sum. But a k-means
# step that takes the nearest centre by such a product parts where two are equally near, so a seed
# does not give the same clusters on another processor, and a test on one machine never shows it.
# A way out: multiples of 2^-11, of which every sum of products is exact in single precision, agree
# in every bit.
#
# Seen 2026-11-30 on x86-64 with numpy 2.4.6 (OpenBLAS 0.3.31): 79 % of the entries differ in single
# precision, by up to 1.5e-07, 78 % in double, by up to 1.1e-16, none on the grid. The script fails if
# any of this changes; it compares nothing where the processor has no AVX2, which Haswell needs.
set -euo pipefail

if ! grep -qw avx2 /proc/cpuinfo 2>/dev/null; then
    echo "This processor has no AVX2: there are no two kernels to compare"
    exit 0
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q --disable-pip-version-check "numpy==2.4.6"

cat >"$folder/product.py" <<'PY'
import sys

import numpy as np

rng = np.random.default_rng(0)
one, other = (rng.normal(size=shape) / 15 for shape in ((300, 200), (200, 300)))
single = one.astype(np.float32) @ other.astype(np.float32)
grid = [(np.rint(a * 2.0**11) / 2.0**11).astype(np.float32) for a in (one, other)]
np.savez(sys.argv[1], single=single, double=one @ other, grid=grid[0] @ grid[1])
PY

for kernel in Nehalem Haswell; do
    OPENBLAS_CORETYPE=$kernel OPENBLAS_NUM_THREADS=1 \
        "$folder/env/bin/python" "$folder/product.py" "$folder/$kernel.npz"
done

"$folder/env/bin/python" - "$folder" <<'PY'
import sys

import numpy as np

one, other = (np.load(f"{sys.argv[1]}/{kernel}.npz") for kernel in ("Nehalem", "Haswell"))
for name in one.files:
    apart = np.abs(one[name].astype(float) - other[name])
    print(f"{name:7} {np.mean(apart > 0):6.1%} of entries differ, by up to {apart.max():.1e}")
same = {name: np.array_equal(one[name], other[name]) for name in one.files}
sys.exit(0 if same == {"single": False, "double": False, "grid": True} else "this has changed")
PY
