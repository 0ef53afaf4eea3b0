/** What a control is called on the page. */
export function fieldName(control: Element): string {
  const isField = control instanceof HTMLInputElement || control instanceof HTMLSelectElement;
  const label = isField ? control.labels?.[0] : null;
  return (control.getAttribute('aria-label') ?? label?.textContent ?? control.textContent).replace(/\s+/g, ' ').trim();
}
