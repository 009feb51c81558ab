/* SPDX-License-Identifier: MIT
 *
 * xoshiro256** (David Blackman, Sebastiano Vigna: Scrambled linear pseudorandom number
 * generators, 2018), its state filled by splitmix64 as the authors advise.
 */
#include <weaksup/rng.h>

static uint64_t splitmix64(uint64_t *state) {
  uint64_t z = *state += 0x9E3779B97F4A7C15u;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
  z = (z ^ z >> 27) * 0x94D049BB133111EBu;
  return z ^ z >> 31;
}

void ws_rng_init(ws_rng *rng, uint64_t seed) {
  for (int i = 0; i < 4; i++) rng->state[i] = splitmix64(&seed);
}

static uint64_t rotate(uint64_t x, int left) {
  return x << left | x >> (64 - left);
}

uint64_t ws_rng_next(ws_rng *rng) {
  uint64_t *s = rng->state;
  uint64_t result = rotate(s[1] * 5, 7) * 9;
  uint64_t shifted = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= shifted;
  s[3] = rotate(s[3], 45);
  return result;
}

double ws_rng_uniform(ws_rng *rng) {
  return (double)(ws_rng_next(rng) >> 11) * 0x1p-53;
}

uint64_t ws_rng_below(ws_rng *rng, uint64_t bound) {
  uint64_t reject =
      (0 - bound) % bound; // numbers below it would make the low ones likelier
  uint64_t number;
  do number = ws_rng_next(rng);
  while (number < reject);
  return number % bound;
}

void ws_rng_shuffle(ws_rng *rng, uint32_t *items, size_t count) {
  for (size_t i = count; i > 1; i--) {
    size_t j = (size_t)ws_rng_below(rng, i);
    uint32_t swap = items[i - 1];
    items[i - 1] = items[j];
    items[j] = swap;
  }
}

void ws_sampler_init(ws_sampler *sampler, uint64_t seed, uint64_t count, uint64_t most) {
  *sampler = (ws_sampler){.left = count, .wanted = count < most ? count : most};
  ws_rng_init(&sampler->rng, seed);
}

bool ws_sampler_next(ws_sampler *sampler) {
  if (sampler->left == 0) return false;
  bool taken = ws_rng_below(&sampler->rng, sampler->left--) < sampler->wanted;
  sampler->wanted -= taken;
  return taken;
}
