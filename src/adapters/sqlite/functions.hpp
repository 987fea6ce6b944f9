#pragma once

#include <sqlite3.h>

namespace rag::sqlite {

/// Adds the functions that statements call:
///   times_blob(t)   an aggregate: a list of times as blobs.hpp says
///   fold(text)      text as filters compare it (text/normalize.hpp)
/// Throws SqliteError.
void add_functions(sqlite3* db);

}  // namespace rag::sqlite
