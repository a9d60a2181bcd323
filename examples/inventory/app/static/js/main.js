// The start page asks the API how it is.
const output = document.querySelector('[data-health]');
if (output) {
  const response = await fetch('/health').catch(() => undefined);
  const { status } = response ? await response.json() : { status: 'no answer' };
  output.textContent = status;
}
