// Works on a page as somebody without a mouse does.
export const keyboardOf = pageOf => ({
  // Types into the first field whose label begins so.
  async type(label, text) {
    await pageOf().getByLabel(new RegExp(`^${label.replace(/[$().]/g, '\\$&')}`)).first().focus();
    await pageOf().keyboard.press('ControlOrMeta+A');
    await pageOf().keyboard.type(text);
  },
  async press(role, name) {
    await pageOf().getByRole(role, { name, exact: true }).first().focus();
    await pageOf().keyboard.press('Enter');
  },
  async open(summary) {
    await pageOf().locator('summary', { hasText: summary }).first().focus();
    await pageOf().keyboard.press('Enter');
  },
});
