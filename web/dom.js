// Builds page elements from data; text always becomes text nodes, so that data cannot become markup.

/**
 * @param {string} tag
 * @param {Object<string, any>} [properties] `on…` functions listen, `class` and `aria-…` are attributes,
 *   `null`, `undefined` and `false` are left out
 * @param {...(Node|string|null|undefined|Array<Node|string|null>)} children
 * @returns {HTMLElement}
 */
export function element(tag, properties, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else if (name === "value") made.value = value;
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  append(made, children);
  return made;
}

/**
 * @param {Node} parent
 * @param {Array<any>} children
 */
function append(parent, children) {
  for (const child of children) {
    if (child === null || child === undefined) continue;
    if (Array.isArray(child)) append(parent, child);
    else parent.appendChild(typeof child === "string" ? document.createTextNode(child) : child);
  }
}

/**
 * @param {Element} parent
 * @param {...any} children
 */
export function fill(parent, ...children) {
  parent.textContent = "";
  append(parent, children);
}

/**
 * @param {string} label
 * @param {(event: Event) => void} press
 * @param {Object<string, any>} [properties]
 * @returns {HTMLElement}
 */
export function button(label, press, properties) {
  return element("button", { type: "button", onclick: press, ...properties }, label);
}

/** @param {string} id */
export function byId(id) {
  return document.getElementById(id);
}

/**
 * Runs an action once it has not been asked for again for a while.
 * @param {number} milliseconds
 * @param {() => void} action
 */
export function debounced(milliseconds, action) {
  let timer = 0;
  const ask = () => {
    clearTimeout(timer);
    timer = setTimeout(action, milliseconds);
  };
  ask.cancel = () => clearTimeout(timer);
  return ask;
}

/**
 * Remembers what has the focus within a part of the page that is to be drawn anew.
 * @param {HTMLElement} box
 * @returns {{giveBack: (otherwise: string) => void}} what gives it to the element of the same id, or else to another
 */
export function heldFocus(box) {
  const { activeElement: held } = document;
  const isWithin = box.contains(held);
  const { id, selectionStart, selectionEnd } = isWithin ? held : {};
  return {
    giveBack(otherwise) {
      if (!isWithin) return;
      const same = id && byId(id);
      const target = same || byId(otherwise);
      const folded = target.closest("details:not([open])");
      if (folded && target.tagName !== "SUMMARY") folded.open = true;
      target.focus();
      if (same && typeof selectionStart === "number") same.setSelectionRange(selectionStart, selectionEnd);
    },
  };
}

/** Whether motion may be used to scroll. */
export function scrolling() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
}
