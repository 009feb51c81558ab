/* SPDX-License-Identifier: MIT
 *
 * CSV cells, by libcsv.
 */
#include <weaksup/csv.h>

#include <csv.h>
#include <string.h>

static bool needs_quotes(ws_text cell) {
  for (size_t i = 0; i < cell.size; i++)
    if (strchr(",\"\r\n\t", cell.data[i]) && cell.data[i] != '\0') return true;
  return cell.size && (cell.data[0] == ' ' || cell.data[cell.size - 1] == ' ');
}

ws_status ws_csv_cell(ws_buffer *out, ws_text cell) {
  if (!needs_quotes(cell)) return ws_buffer_text(out, cell);
  if (cell.size > SIZE_MAX / 2 - 2) return WS_ENOMEM;
  size_t room = cell.size * 2 + 2;
  WS_TRY(ws_buffer_reserve(out, room));
  out->size += csv_write(out->data + out->size, room, cell.data, cell.size);
  out->data[out->size] = '\0';
  return WS_OK;
}
