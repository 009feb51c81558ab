/* SPDX-License-Identifier: MIT
 *
 * Random numbers that are the same on every machine for the same seed (xoshiro256**,
 * Blackman and Vigna 2018, seeded by splitmix64). Always an explicit object: the library
 * has no global generator.
 */
#ifndef WEAKSUP_RNG_H
#define WEAKSUP_RNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <weaksup/api.h>

WS_BEGIN_DECLS

typedef struct ws_rng {
  uint64_t state[4];
} ws_rng;

/* Any seed will do, 0 too. */
WS_API void ws_rng_init(ws_rng *rng, uint64_t seed);
/* 64 random bits. */
WS_API uint64_t ws_rng_next(ws_rng *rng);
/* Uniform in [0, 1), 53 bits. */
WS_API double ws_rng_uniform(ws_rng *rng);
/* Uniform in 0 .. bound-1 without bias; bound > 0. */
WS_API uint64_t ws_rng_below(ws_rng *rng, uint64_t bound);
/* A uniform permutation of items (Fisher-Yates). */
WS_API void ws_rng_shuffle(ws_rng *rng, uint32_t *items, size_t count);

/* A sample of items that come one after another, of which only the number is known
 * before: each sample of that size is as likely (selection sampling: D. E. Knuth, The art
 * of computer programming, volume 2, section 3.4.2, algorithm S, 1997). */
typedef struct ws_sampler {
  ws_rng rng;
  uint64_t left, wanted; // items to come, and of them to take
} ws_sampler;

/* Of `count` items `most` are taken, or all where there are fewer. */
WS_API void ws_sampler_init(ws_sampler *sampler, uint64_t seed, uint64_t count,
                            uint64_t most);
/* Whether the next item is in the sample; false of those beyond `count`. */
WS_API bool ws_sampler_next(ws_sampler *sampler);

WS_END_DECLS

#endif
