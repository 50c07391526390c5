// Evaluates to the texts of the page that are in no catalogue, where the page is in the pseudo-language, which puts all others in brackets.
// What people typed, names of languages in themselves, amounts, dates in numbers and codes of currencies are in none.
(() => {
  const typed = "[data-id], bdi, [dir=auto], body [lang], .tile, .choice, kbd, .sign, .spent a, .list a, .stored dd, datalist, option:not([value='']), textarea, code, .secret, .codes li, script, style";
  const heading = document.querySelector("form[action$='/rename'], form[action*='/delete'], form[action*='/restore'], form.clash") ? ", h1" : "";
  // rest is what of a text is in no brackets, or "" if that holds no words
  const rest = (text) => {
    for (let before = ""; before !== text;) {
      before = text;
      text = text.replace(/\[[^[\]]*~\]/g, "");
    }
    return /\p{L}/u.test(text.replace(/\b[A-Z]{2,3}\b/g, "")) ? text.trim() : "";
  };
  const wrong = [];
  const sentences = new Map(); // by element: a sentence goes on through the parts that are set strong
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    let e = node.parentElement;
    if (e.closest(typed + heading) || e.closest(".foot")) continue;
    while (e.matches("b, strong, em")) e = e.parentElement;
    sentences.set(e, (sentences.get(e) ?? "") + node.data);
  }
  for (const text of sentences.values()) if (rest(text)) wrong.push(`“${rest(text)}” is in no catalogue`);
  for (const attribute of ["aria-label", "title", "placeholder", "alt"]) {
    for (const e of document.querySelectorAll(`[${attribute}]`)) {
      const text = e.getAttribute(attribute);
      if (rest(text)) wrong.push(`${attribute} “${text}” is in no catalogue`);
    }
  }
  if (!/\[[^\]]*~\]/.test(document.title)) wrong.push(`the title “${document.title}” is in no catalogue`);
  if (!/\[[^\]]*~\]/.test(document.querySelector(".foot").textContent)) wrong.push("the foot is in no catalogue");
  return wrong;
})()
