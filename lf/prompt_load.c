/* SPDX-License-Identifier: MIT
 *
 * Where templates of prompts come from: the library itself, or a file, which is to be
 * one that a reply can come back to.
 */
#include <weaksup/output.h>

#include "prompt_priv.h"

enum { TEMPLATE_MAX = 1 << 20 };

ws_status ws_prompt_template_default(ws_buffer *out) {
  for (size_t i = 0; ws__prompt_lines[i]; i++)
    WS_TRY(ws_buffer_string(out, ws__prompt_lines[i]));
  return WS_OK;
}

static ws_status load_default(ws_prompt_template **out, ws_error *err) {
  ws_buffer text = {0};
  ws_status status = ws_prompt_template_default(&text);
  if (status != WS_OK) ws_error_nomem(err);
  if (status == WS_OK)
    status = ws_prompt_template_new("generate.md", ws_buffer_as_text(&text), out, err);
  ws_buffer_clear(&text);
  return status;
}

/* Whether the items of the list of classes say what a class is called. */
static bool lists_classes(const ws_prompt_template *t) {
  bool inside = false;
  for (size_t i = 0; i < t->count; i++) {
    const ws__node *node = &t->nodes[i];
    if (node->kind == WS__NODE_EACH) inside = node->what == WS__SLOT_CLASSES;
    bool value = inside && node->kind == WS__NODE_VALUE;
    if (value && (node->what == WS__SLOT_NAME || node->what == WS__SLOT_CONSTANT ||
                  node->what == WS__SLOT_RULE))
      return true;
  }
  return false;
}

/* All else can be left out: a model may know the language, the task may be written into
 * the template, and it may write from the meaning of the classes alone. */
static ws_status check_use(const char *path, const ws_prompt_template *t, ws_error *err) {
  if (lists_classes(t)) return WS_OK;
  return ws_error_set(err, WS_EPARSE,
                      "%s: expected a template of prompts, which lists the classes at "
                      "least, as {{#each classes}} {{name}} {{/each}}: every labeling "
                      "function has to name one; `weaksup generate --print-template` "
                      "prints one to begin with",
                      path);
}

ws_status ws_prompt_template_load(const char *path, ws_prompt_template **out,
                                  ws_error *err) {
  ws_buffer text = {0};
  if (!path) return load_default(out, err);
  ws_status status = ws_input_file(path, TEMPLATE_MAX, &text, err);
  if (status == WS_OK)
    status = ws_prompt_template_new(path, ws_buffer_as_text(&text), out, err);
  ws_buffer_clear(&text);
  if (status != WS_OK) return status;
  status = check_use(path, *out, err);
  if (status == WS_OK) return WS_OK;
  ws_prompt_template_free(*out);
  *out = NULL;
  return status;
}
