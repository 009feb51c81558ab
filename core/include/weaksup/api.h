/* SPDX-License-Identifier: MIT
 *
 * Marks that every public header uses: what is exported, and which results must be looked
 * at.
 *
 * Two sentences on ownership hold for the whole library: what comes out through a `**` is
 * yours to free with the type's `_free`; what is returned as `const *` belongs to its
 * parent and lives as long as the parent does. On failure `*out` is untouched and nothing
 * leaks.
 */
#ifndef WEAKSUP_API_H
#define WEAKSUP_API_H

#if defined(__GNUC__) || defined(__clang__)
#define WS_API               __attribute__((visibility("default")))
#define WS_CHECK             __attribute__((warn_unused_result))
#define WS_PRINTF(at, first) __attribute__((format(printf, at, first)))
#else
#define WS_API
#define WS_CHECK
#define WS_PRINTF(at, first)
#endif

#ifdef __cplusplus
#define WS_BEGIN_DECLS extern "C" {
#define WS_END_DECLS   }
#else
#define WS_BEGIN_DECLS
#define WS_END_DECLS
#endif

#endif
