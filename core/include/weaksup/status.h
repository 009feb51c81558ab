/* SPDX-License-Identifier: MIT
 *
 * Status codes and error messages.
 *
 * Every fallible function returns a ws_status, WS_OK being 0. There are few codes, chosen
 * by what a caller would do differently; the detail is in the message of a ws_error that
 * the caller provides, or NULL where it does not want one.
 *
 * A message is one line without capital or full stop: position first, then what was
 * expected and what was found (`spam.csv:17: expected 3 columns, found 2`).
 */
#ifndef WEAKSUP_STATUS_H
#define WEAKSUP_STATUS_H

#include <weaksup/api.h>

WS_BEGIN_DECLS

#define WS_STATUS_MAP(X)                                                                 \
  X(OK, 0, "success")                                                                    \
  X(ENOMEM, 1, "out of memory")                                                          \
  X(EINVAL, 2, "invalid argument")                                                       \
  X(EIO, 3, "input/output error")                                                        \
  X(EPARSE, 4, "malformed input")                                                        \
  X(ELF, 5, "labeling function failed")                                                  \
  X(ECONVERGE, 6, "did not converge")                                                    \
  X(ESTOPPED, 7, "stopped by the caller")

typedef enum ws_status {
#define WS_STATUS_ENUM(name, value, text) WS_##name = value,
  WS_STATUS_MAP(WS_STATUS_ENUM)
#undef WS_STATUS_ENUM
} ws_status;

#define WS_ERROR_MESSAGE_SIZE 1024

typedef struct ws_error {
  ws_status status;
  char message[WS_ERROR_MESSAGE_SIZE]; // ends in NUL; cut with "..." where it would not
                                       // fit
} ws_error;

/* An empty error: `ws_error err = WS_ERROR_INIT;` */
#define WS_ERROR_INIT                                                                    \
  {                                                                                      \
    WS_OK, {                                                                             \
      0                                                                                  \
    }                                                                                    \
  }

/* The short text of a status ("malformed input"); "unknown status" for other numbers. */
WS_API const char *ws_status_text(ws_status status);

/* Fills err (which may be NULL) and returns status, so that `return ws_error_set(...)`
 * reads as one sentence. Control characters in the arguments come out as `?`. */
WS_API ws_status ws_error_set(ws_error *err, ws_status status, const char *format, ...)
    WS_PRINTF(3, 4);

/* Puts a position or a subject in front of the message. The layer that knows a fact adds
 * it, once; none rewrites what is there. */
WS_API void ws_error_prefix(ws_error *err, const char *format, ...) WS_PRINTF(2, 3);

/* WS_ENOMEM with its standard message. */
WS_API ws_status ws_error_nomem(ws_error *err);

/* Returns from the enclosing function when expr is not WS_OK. Only for functions that
 * hold nothing; the others `goto done`. */
#define WS_TRY(expr)                                                                     \
  do {                                                                                   \
    ws_status ws_try_status = (expr);                                                    \
    if (ws_try_status != WS_OK) return ws_try_status;                                    \
  } while (0)

WS_END_DECLS

#endif
