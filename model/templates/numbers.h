/* --- numbers ----------------------------------------------------------------------- */

#define NAME_LOG2 ((NAME_real)0.693147180559945309)

/* The natural logarithm of a count: count = m * 2^e with m near 1, and the series of the
 * area tangent for log m. */
static inline NAME_real NAME_log(uint32_t count) {
  NAME_real m = (NAME_real)count, s, power, sum = 0;
  int e = 0, i;
  while (m > (NAME_real)1.4142135623730951) {
    m /= 2;
    e++;
  }
  s = (m - 1) / (m + 1);
  power = s;
  for (i = 1; i < 16; i += 2) {
    sum += power / (NAME_real)i;
    power *= s * s;
  }
  return (NAME_real)e * NAME_LOG2 + 2 * sum;
}

/* e^x for x <= 0: x = k log 2 + r with |r| small, and the series for e^r. */
static inline NAME_real NAME_exp(NAME_real x) {
  NAME_real r, term = 1, sum = 1;
  int k, i;
  if (x < -87) return 0;
  k = (int)(x / NAME_LOG2 - (NAME_real)0.5);
  r = x - (NAME_real)k * NAME_LOG2;
  for (i = 1; i < 13; i++) {
    term *= r / (NAME_real)i;
    sum += term;
  }
  for (; k < 0; k++) sum /= 2;
  return sum;
}

/* The square root by Heron's method, from a guess that is within a factor of 2. */
static inline NAME_real NAME_sqrt(NAME_real x) {
  NAME_real root = 1;
  int i;
  if (!(x > 0)) return 0;
  while (root * root > 4 * x) root /= 2;
  while (4 * root * root < x) root *= 2;
  for (i = 0; i < 6; i++) root = (root + x / root) / 2;
  return root;
}
