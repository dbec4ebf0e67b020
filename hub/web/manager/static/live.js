// Puts each new tap on top of the list as the hub tells it; without this script the page shows what it was sent.
"use strict";
(function () {
  var list = document.querySelector("[data-live]");
  var state = document.querySelector("[data-live-state]");
  if (!list || !window.EventSource) return;
  var most = Number(list.dataset.most);
  var source = new EventSource(list.dataset.live);

  function say(on) {
    if (!state) return;
    if (!on && state.classList.contains("off")) return; // keep the time at which it broke
    state.className = "live-state " + (on ? "on" : "off");
    state.textContent = on ? state.dataset.on : state.dataset.off + " " + new Date().toTimeString().slice(0, 5);
  }

  source.onopen = function () { say(true); };
  source.onerror = function () { say(false); };
  source.addEventListener("tap", function (event) {
    var holder = document.createElement("template");
    holder.innerHTML = event.data;
    var tap = holder.content.querySelector(".tap");
    if (!tap || list.querySelector('[data-tap="' + tap.dataset.tap + '"]')) return;
    var none = list.parentNode.querySelector(".empty");
    if (none) none.remove();
    tap.classList.add("new");
    list.prepend(tap);
    while (list.children.length > most) list.lastElementChild.remove();
  });
  window.addEventListener("pagehide", function () { source.close(); });
})();
