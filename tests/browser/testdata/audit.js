// Evaluates to what is wrong with the page as it is shown now, as sentences. It reads the page and changes nothing.
(() => {
  const wrong = [];
  const name = (e) => `<${e.localName}${e.id ? ` id=${e.id}` : ""}> “${e.textContent.trim().slice(0, 40)}”`;
  const all = (selector) => [...document.querySelectorAll(selector)];

  // Structure
  if (!document.documentElement.lang) wrong.push("the page has no language");
  if (!document.title.trim()) wrong.push("the page has no title");
  if (all("h1").length !== 1) wrong.push(`${all("h1").length} headings of the first level`);
  let level = 0;
  for (const heading of all("h1, h2, h3, h4, h5, h6")) {
    const next = Number(heading.localName[1]);
    if (next > level + 1) wrong.push(`${name(heading)} leaves a level out`);
    level = next;
  }
  const ids = all("[id]").map((e) => e.id);
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) wrong.push(`the id ${id} is there twice`);
  for (const attribute of ["aria-describedby", "aria-labelledby"]) {
    for (const e of all(`[${attribute}]`)) {
      for (const id of e.getAttribute(attribute).split(/\s+/)) {
        if (!document.getElementById(id)) wrong.push(`${name(e)} is explained by ${id}, which is not there`);
      }
    }
  }

  // Names and sizes of what can be used
  const isShown = (e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  for (const control of all("input:not([type=hidden]), select, textarea, button")) {
    const label = [...(control.labels ?? [])].map((l) => l.textContent).join("") + (control.getAttribute("aria-label") ?? "");
    if (!(control.localName === "button" ? control.textContent + label : label).trim()) wrong.push(`${name(control)} has no label`);
    const box = control.getBoundingClientRect();
    if (isShown(control) && (box.width < 24 || box.height < 24)) wrong.push(`${name(control)} is ${box.width}×${box.height} pixels small`);
  }
  for (const link of all("a[href]")) {
    if (!(link.textContent + (link.getAttribute("aria-label") ?? "")).trim()) wrong.push(`a link to ${link.href} has no text`);
  }
  for (const image of all("img:not([alt])")) wrong.push(`${image.src} has no alternative`);
  for (const e of all("[tabindex]")) if (e.tabIndex > 0) wrong.push(`${name(e)} jumps the queue of the tab key`);

  // Width
  const page = document.scrollingElement;
  if (page.scrollWidth > innerWidth) wrong.push(`the page is ${page.scrollWidth} pixels wide in a window of ${innerWidth}`);

  // Words: none is torn for which a line of its card, or of the page, has room, beside the mark where there is one; an amount never is
  const range = document.createRange();
  const pieces = (node, from, to) => {
    range.setStart(node, from);
    range.setEnd(node, to);
    return [...range.getClientRects()].filter((r) => r.width > 0);
  };
  const lines = (node, from, to) => new Set(pieces(node, from, to).map((r) => Math.round(r.top))).size;
  const long = (node, from, to) => pieces(node, from, to).reduce((sum, r) => sum + r.width, 0);
  const rooms = new Map();
  const room = (e) => {
    if (!rooms.has(e)) {
      const style = getComputedStyle(e);
      rooms.set(e, e.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight));
    }
    return rooms.get(e);
  };
  const besideMark = (e, piece) => {
    const row = e.closest("li, .notice.good");
    const mark = row?.querySelector(":scope > .tile")?.getBoundingClientRect();
    return mark && (mark.right <= piece.left || piece.right <= mark.left) ? mark.width + parseFloat(getComputedStyle(row).columnGap) : 0;
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const e = node.parentElement;
    if (!isShown(e) || e.closest(".hidden, datalist, option, script, svg, textarea")) continue;
    for (const word of node.data.matchAll(/[^\s-]+/g)) {
      const end = word.index + word[0].length;
      if (lines(node, word.index, end) < 2 || e.closest("code, .secret, .codes")) continue;
      const most = room(e.closest(".card, .notice, .stored, dialog, main, body")) - besideMark(e, pieces(node, word.index, end)[0]);
      if (long(node, word.index, end) <= most) wrong.push(`${name(e)} tears “${word[0]}” of ${Math.round(long(node, word.index, end))} pixels, where ${Math.round(most)} are`);
    }
    for (const number of node.data.matchAll(/(?<!\d)\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)/g)) {
      if (lines(node, number.index, number.index + number[0].length) > 1) wrong.push(`${name(e)} breaks inside the number ${number[0]}`);
    }
  }
  // What is spent of what is planned may break between the two, and what several currencies make is a whole sentence
  for (const e of all("data:not(.altogether data), .list b, .amount:not(.of), .figures td")) {
    const node = [...e.childNodes].find((n) => n.nodeType === Node.TEXT_NODE && n.data.trim());
    const amount = node && /\S.*\d/.exec(node.data);
    if (amount && isShown(e) && lines(node, amount.index, amount.index + amount[0].length) > 1) wrong.push(`${name(e)} breaks inside the amount`);
  }

  // Room to read and write: what is typed into a field fits into it, as far as it is of an ordinary length
  const ruler = document.createElement("canvas").getContext("2d");
  for (const field of all("input.amount, input.code, input[type=date]")) {
    if (!isShown(field)) continue;
    const style = getComputedStyle(field);
    ruler.font = style.font;
    const room = field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const sample = field.type === "date" ? "00/00/0000" : field.matches(".code") ? "MMM" : "1,234.50";
    if (room < ruler.measureText(sample).width) wrong.push(`${name(field)} has room for ${Math.round(room)} pixels, and “${sample}” needs ${Math.round(ruler.measureText(sample).width)}`);
  }

  // Contrast, as WCAG 2 computes it
  const parse = (colour) => {
    const [, space, list] = /^(rgba?|color)\((.*)\)$/.exec(colour) ?? [];
    const numbers = (list ?? "").match(/-?[\d.]+(e-?\d+)?/g)?.map(Number);
    if (!numbers) throw new Error(`the colour ${colour} cannot be read`);
    const [r, g, b, alpha = 1] = numbers;
    return space === "color" ? [r, g, b, alpha] : [r / 255, g / 255, b / 255, alpha];
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const ground = (e) => {
    const layers = [];
    for (; e; e = e.parentElement) layers.push(parse(getComputedStyle(e).backgroundColor));
    return layers.reduceRight((below, layer) => over(layer, below), parse(matchMedia("(prefers-color-scheme: dark)").matches ? "rgb(18, 18, 18)" : "rgb(255, 255, 255)"));
  };
  const luminance = (c) => {
    const [r, g, b] = c.map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (colour, below) => {
    const [low, high] = [luminance(over(parse(colour), below)), luminance(below)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const check = (e, style, what) => {
    const ratio = contrast(e.namespaceURI.endsWith("svg") ? style.fill : style.color, ground(e));
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (isLarge ? 3 : 4.5)) wrong.push(`${what} has a contrast of ${ratio.toFixed(2)}`);
  };
  for (const e of all("body *")) {
    const hasText = [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.data.trim());
    const isHidden = !isShown(e) || e.closest(".hidden, datalist, option, title");
    if (hasText && !isHidden) check(e, getComputedStyle(e), name(e));
    if (e.placeholder && !e.value && !isHidden) check(e, getComputedStyle(e, "::placeholder"), `the placeholder of ${name(e)}`);
    if (e.matches("input, textarea, select") && !isHidden) check(e, getComputedStyle(e), `the value of ${name(e)}`);
  }
  for (const icon of all("a > svg, button > svg")) {
    const { stroke } = getComputedStyle(icon);
    const ratio = stroke === "none" || !isShown(icon) ? Infinity : contrast(stroke, ground(icon));
    if (ratio < 3) wrong.push(`the icon of ${name(icon.parentElement)} has a contrast of ${ratio.toFixed(2)}`);
  }
  return wrong;
})();
