/* SPDX-License-Identifier: MIT
 *
 * Weights of one byte. Most are small and few are large, so that equal steps would lose
 * the small ones: a byte holds the square root. Idf stands in 256 equal steps; a weight
 * makes up for what its idf was rounded by. The classifier receives what the bytes mean.
 */
#include <float.h>
#include <math.h>

#include <weaksup/alloc.h>

#include "export_priv.h"

enum { LARGEST = 127, IDF_STEPS = 255 };

/* The weight in a column. The softmax sees only differences between classes: the first
 * class has no column, and its weights are taken from those of the others. */
static double weight_of(const ws_export *e, const float *W, size_t column) {
  return e->columns < e->classifier->K ? (double)W[column + 1] - (double)W[0]
                                       : (double)W[column];
}

static void round_idf(const ws_classifier *from, ws__bytes_form *to) {
  float least = 0, largest = 0;
  for (size_t e = 0; e < from->A; e++) {
    if (e == 0 || from->scale[e] < least) least = from->scale[e];
    if (e == 0 || from->scale[e] > largest) largest = from->scale[e];
  }
  to->idf_least = least;
  to->idf_step = largest > least ? (largest - least) / IDF_STEPS : 1;
  for (size_t e = 0; e < from->A; e++)
    to->idf[e] = (uint8_t)lround((double)((from->scale[e] - least) / to->idf_step));
}

static double idf_of(const ws__bytes_form *from, size_t e) {
  return (double)(from->idf_least + (float)from->idf[e] * from->idf_step);
}

static double wanted(const ws_export *e, size_t entry, size_t column) {
  const ws_classifier *from = e->classifier;
  return weight_of(e, from->weights + entry * from->K, column) *
         (double)from->scale[entry] / idf_of(&e->bytes, entry);
}

/* As a float, which is finite. */
static float clip(double number, float most) {
  return (float)fmax(-(double)most, fmin(number, (double)most));
}

static void round_column(ws_export *e, size_t column) {
  double largest = 0;
  for (size_t i = 0; i < e->classifier->A; i++)
    largest = fmax(largest, fabs(wanted(e, i, column)));
  float step = clip(largest / (LARGEST * LARGEST), FLT_MAX / (LARGEST * LARGEST));
  e->bytes.steps[column] = step;
  for (size_t i = 0; i < e->classifier->A; i++) {
    double w = wanted(e, i, column);
    double exact = step > 0 ? sqrt(fabs(w) / (double)step) : 0;
    long root = lround(fmin(exact, LARGEST));
    e->bytes.weights[i * e->columns + column] = (int8_t)(w < 0 ? -root : root);
  }
}

/* What the bytes mean becomes the classifier. */
static void take_back(ws_export *e) {
  ws_classifier *to = e->classifier;
  size_t first = to->K - e->columns;
  for (size_t i = 0; i < to->A; i++) {
    float *W = to->weights + i * to->K;
    to->scale[i] = (float)idf_of(&e->bytes, i);
    W[0] = 0;
    for (size_t c = 0; c < e->columns; c++) {
      int root = e->bytes.weights[i * e->columns + c];
      W[first + c] = e->bytes.steps[c] * (float)(root < 0 ? -root * root : root * root);
    }
  }
  if (first) to->bias[0] = 0;
  for (size_t c = 0; c < e->columns; c++) to->bias[first + c] = e->bytes.bias[c];
}

ws_status ws__export_round(ws_export *e) {
  ws_classifier *from = e->classifier;
  ws__bytes_form *to = &e->bytes;
  to->weights = ws_alloc_array(from->A * e->columns, 1);
  to->idf = ws_alloc_array(from->A, 1);
  to->steps = ws_alloc_array(e->columns, sizeof *to->steps);
  to->bias = ws_alloc_array(e->columns, sizeof *to->bias);
  if (!to->weights || !to->idf || !to->steps || !to->bias) return WS_ENOMEM;
  round_idf(from, to);
  for (size_t c = 0; c < e->columns; c++) {
    round_column(e, c);
    to->bias[c] = clip(weight_of(e, from->bias, c), FLT_MAX);
  }
  take_back(e);
  return WS_OK;
}

void ws__export_round_clear(ws__bytes_form *bytes) {
  ws_free(bytes->weights);
  ws_free(bytes->idf);
  ws_free(bytes->steps);
  ws_free(bytes->bias);
  *bytes = (ws__bytes_form){0};
}
