"use strict";

// A click on a heading sorts its table; empty cells come last either way.
for (const button of document.querySelectorAll("thead button")) {
  button.addEventListener("click", () => {
    const heading = button.closest("th");
    const table = heading.closest("table");
    const column = heading.cellIndex;
    const down = heading.getAttribute("aria-sort") === "ascending";
    for (const other of heading.parentElement.cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    const sign = down ? -1 : 1;
    const body = table.tBodies[0];
    const rows = [...body.rows].sort((a, b) => {
      const [x, y] = [a, b].map((row) => row.cells[column].dataset.value ?? row.cells[column].textContent);
      if (x === "" || y === "") return (x === "") - (y === "");
      const difference = heading.classList.contains("text") ? x.localeCompare(y) : x - y;
      return sign * difference;
    });
    body.append(...rows);
  });
}

// The line in a plot stands where its clip plays; only one clip plays at a time.
const videos = [...document.querySelectorAll("video")];
for (const video of videos) {
  const cursor = video.closest(".exhibit").querySelector(".cursor");
  const move = () => {
    const x = video.currentTime * Number(cursor.dataset.xScale);
    cursor.setAttribute("transform", `translate(${x.toFixed(1)} 0)`);
  };
  for (const event of ["timeupdate", "seeking"]) video.addEventListener(event, move);
  if ("requestVideoFrameCallback" in video) {
    const follow = () => { move(); video.requestVideoFrameCallback(follow); };
    video.requestVideoFrameCallback(follow);
  }
  video.addEventListener("play", () => {
    for (const other of videos) if (other !== video) other.pause();
  });
}
