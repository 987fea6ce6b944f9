#pragma once

#include <sqlite3.h>

namespace rag::sqlite {

/// Adds the functions that statements of the writing connection call:
///   times_blob(t)   an aggregate: a list of times as blobs.hpp says
/// Throws SqliteError.
void add_functions(sqlite3* db);

}  // namespace rag::sqlite
