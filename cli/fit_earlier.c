/* SPDX-License-Identifier: MIT
 *
 * What the run that a new one replaces knows of another kind of classifier: it was scored
 * on the same gold labels, so that nothing need be trained to say that it did better.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "fit.h"
#include "members.h"
#include "prose.h"
#include "run_folder.h"
#include "run_paths.h"

/* The cross-fitted accuracy on dev; NaN where there is none. */
static double dev_of(ws_value metrics) {
  bool valid = true;
  ws_value scores = member_of(metrics, "scores", WS_OBJECT, &valid);
  ws_value dev = valid ? member_of(scores, "dev", WS_OBJECT, &valid) : scores;
  valid = valid && ws_value_get(dev, ws_text_of("classifier_cross_fitted")).at;
  ws_value found = valid ? member_of(dev, "classifier", WS_OBJECT, &valid) : dev;
  double accuracy = valid ? member_number(found, "accuracy", &valid) : (double)NAN;
  return valid ? accuracy : (double)NAN;
}

static void read_manifest(fit_rival *r, ws_value manifest) {
  bool valid = true;
  ws_value how = member_of(manifest, "options", WS_OBJECT, &valid);
  ws_text model = valid ? member_text(how, "model", &valid) : (ws_text){"", 0};
  if (!valid) return;
  snprintf(r->model, sizeof r->model, "%.*s", WS_TEXT_ARG(model));
  snprintf(r->digest, sizeof r->digest, "%.*s",
           WS_TEXT_ARG(run_file_hash(run_file_of(manifest, "dev"))));
}

void fit_rival_read(fit *f, const char *run) {
  ws_buffer metrics = {0}, manifest = {0};
  f->rival.dev = (double)NAN;
  if (run_is(run) && run_metrics(run, &metrics, NULL) == WS_OK &&
      run_manifest(run, &manifest, NULL) == WS_OK) {
    f->rival.dev = dev_of((ws_value){(const unsigned char *)metrics.data});
    read_manifest(&f->rival, (ws_value){(const unsigned char *)manifest.data});
  }
  ws_buffer_clear(&metrics);
  ws_buffer_clear(&manifest);
}

void fit_rival_print(const fit *f) {
  const fit_rival *r = &f->rival;
  const score_set *dev = &f->scores[DEV];
  const char *model = f->o->model ? f->o->model : "logistic";
  if (!dev->classifier_cross_fitted || !(r->dev > dev->classifier.accuracy)) return;
  if (!*r->model || strcmp(r->model, model) == 0 ||
      strcmp(r->digest, f->parts[DEV].digest) != 0)
    return;
  prose_print("  ",
              "--model %s, as the run that it replaces was trained, is %.3f on dev, this "
              "%.3f: not certain, see `weaksup diff`",
              r->model, r->dev, dev->classifier.accuracy);
}
