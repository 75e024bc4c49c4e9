// Draws the figures of a page once it can be read, and lays out their numbers when asked to.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const plain = (text) =>
    String(text ?? "")
      .replace(/<br\s*\/?>/g, " ")
      .replace(/<\/?[a-z]+>/g, "")
      .replace(/&lt;/g, "<")
      .replace(/&gt;/g, ">")
      .replace(/&amp;/g, "&");

  const rows = (trace) => {
    const name = plain(trace.name);
    if (trace.z) {
      return trace.z.flatMap((line, i) =>
        line.map((value, j) => [name, trace.x?.[j] ?? j, trace.y?.[i] ?? i, value]));
    }
    const [x, y] = [trace.x ?? [], trace.y ?? []];
    return Array.from({ length: Math.max(x.length, y.length) }, (_, i) => [name, x[i], y[i]]);
  };

  const table = (figure) => {
    const made = document.createElement("table");
    const add = (cells, tag) => {
      const row = made.insertRow();
      for (const cell of cells) {
        row.appendChild(document.createElement(tag)).textContent = plain(cell);
      }
    };
    const title = (axis, otherwise) => figure.layout?.[axis]?.title?.text ?? otherwise;
    const heads = ["Ряд", title("xaxis", "По горизонтали"), title("yaxis", "По вертикали")];
    add(figure.data.some((trace) => trace.z) ? [...heads, "Значение"] : heads, "th");
    figure.data.flatMap(rows).forEach((row) => add(row, "td"));
    return made;
  };

  // plotly breaks no line: on a narrow screen its title would run out of the picture.
  const wrap = (title, width) => {
    const broken = (text, size) => {
      const most = Math.max(12, Math.floor(width / (0.55 * size)));
      const lines = [""];
      for (const word of text.split(" ")) {
        const last = lines.length - 1;
        if (lines[last] && lines[last].length + word.length >= most) lines.push(word);
        else lines[last] += (lines[last] ? " " : "") + word;
      }
      return lines;
    };
    let added = 0;
    const fit = (part, size, height) => {
      const given = part.text.split("<br>");
      const lines = broken(given.join(" "), size);
      part.text = lines.join("<br>");
      added += height * (lines.length - given.length);
    };
    fit(title, 17, 22);
    if (title.subtitle?.text) fit(title.subtitle, 12, 16);
    return added;
  };

  const draw = (holder) => {
    const figure = JSON.parse(holder.querySelector("script").textContent);
    const place = holder.querySelector(".plot");
    holder.querySelector("details").addEventListener("toggle", (event) => {
      const numbers = event.target.querySelector("div");
      if (!numbers.firstChild) numbers.append(table(figure));
    });
    if (typeof Plotly === "undefined") {
      place.style.height = "auto";
      place.textContent = "Рисунок не построен: рядом со страницей нет файла plotly.min.js.";
      return;
    }
    const layout = figure.layout ?? {};
    if (layout.title?.text) {
      const added = wrap(layout.title, place.clientWidth - 36);
      const top = layout.margin?.t ?? layout.template?.layout?.margin?.t ?? 100;
      if (added) layout.margin = { ...layout.margin, t: top + added };
      layout.height = place.clientHeight + added;
      place.style.height = `${layout.height}px`;
    }
    Plotly.newPlot(place, figure.data, layout, { displaylogo: false, responsive: true });
  };

  // One after another, so that the page answers in between.
  const left = [...document.querySelectorAll("figure.drawn")];
  const next = () => {
    const holder = left.shift();
    if (holder) {
      draw(holder);
      setTimeout(next, 0);
    }
  };
  setTimeout(next, 0);
});
