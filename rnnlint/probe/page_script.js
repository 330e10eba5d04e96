"use strict";
const cards = [...document.querySelectorAll(".claim")];
const form = document.querySelector(".search");

// A link to a claim opens its card.
function open_linked() {
  const card = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const folded = card && card.querySelector("details");
  if (folded) {
    card.hidden = false;
    folded.open = true;
    card.scrollIntoView();
  }
}
addEventListener("hashchange", open_linked);
open_linked();

// Whether all words stand in a card, and whether it has the verdict.
function filter() {
  const words = form.text.value.toLowerCase().split(/\s+/);
  let shown = 0;
  for (const card of cards) {
    const text = `${card.id} ${card.textContent}`.toLowerCase();
    const verdict = form.verdict.value;
    card.hidden = !words.every(word => text.includes(word)) || (verdict !== "" && card.dataset.verdict !== verdict);
    shown += card.hidden ? 0 : 1;
  }
  form.querySelector("output").textContent = shown === cards.length ? "" : `${shown} of ${cards.length} claims`;
}
form.hidden = false;
form.addEventListener("input", filter);
form.addEventListener("submit", event => event.preventDefault());

// Paper cannot be opened: the numbers of each card are printed, and the tables of all that was measured are not.
let before = [];
addEventListener("beforeprint", () => {
  before = [...document.querySelectorAll(".claim > details:not([open])")];
  before.forEach(one => { one.open = true; });
});
addEventListener("afterprint", () => before.forEach(one => { one.open = false; }));
