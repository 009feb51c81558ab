/* SPDX-License-Identifier: MIT
 *
 * Which protections workers have: a worker that is told to load a folder without a name
 * cannot do so, but locks itself down before it answers.
 */
#include <weaksup/protections.h>

#include "worker_process.h"

const char *ws_protection_name(ws_protection protection) {
  switch (protection) {
  case WS_PROTECT_LIMITS:
    return "limits";
  case WS_PROTECT_PRIVILEGES:
    return "privileges";
  case WS_PROTECT_FILES:
    return "files";
  case WS_PROTECT_CALLS:
    return "calls";
  }
  return "unknown";
}

const char *ws_protection_text(ws_protection protection) {
  switch (protection) {
  case WS_PROTECT_LIMITS:
    return "resource limits";
  case WS_PROTECT_PRIVILEGES:
    return "no new privileges";
  case WS_PROTECT_FILES:
    return "file rules (Landlock)";
  case WS_PROTECT_CALLS:
    return "system call filter (seccomp)";
  }
  return "unknown";
}

static ws_status await(ws__worker *worker, ws_error *err) {
  ws__frame frame;
  ws_text payload;
  bool found, open;
  unsigned wall_ms = ws__load_limits_default().wall_ms;
  WS_TRY(ws__worker_await(worker, wall_ms, &frame, &payload, &found, &open, err));
  if (found) return WS_OK;
  return ws_error_set(err, WS_ELF, "no answer from a worker process");
}

static ws_status ask(const char *program, ws_text init, unsigned *out, ws_error *err) {
  ws__worker worker;
  WS_TRY(ws__worker_start(program, init, &worker, err));
  ws_status status = await(&worker, err);
  if (status == WS_OK)
    *out = atomic_load(&worker.shared->protections) & WS_PROTECTIONS_ALL;
  ws__worker_end(&worker, true);
  return status;
}

ws_status ws_lf_protections(const char *worker, unsigned *out, ws_error *err) {
  ws_buffer bytes = {0};
  ws_task *task = NULL;
  WS_TRY(ws_task_from_names("A,B", &task, err));
  ws__worker_init init = {.limits = ws_lf_options_default(),
                          .load = ws__load_limits_default(),
                          .folder = ws_text_of(""),
                          .text_field = ws_text_of("text"),
                          .task = task};
  ws_status status = ws__put_init(&bytes, &init) == WS_OK
                         ? ask(worker, ws_buffer_as_text(&bytes), out, err)
                         : ws_error_nomem(err);
  ws_buffer_clear(&bytes);
  ws_task_free(task);
  return status;
}
