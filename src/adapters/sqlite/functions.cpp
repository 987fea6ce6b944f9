#include "functions.hpp"

#include <memory>
#include <vector>

#include "blobs.hpp"
#include "connection.hpp"

namespace rag::sqlite {

namespace {

using Times = std::vector<Timestamp>;

/// SQLite gives a few bytes that live as long as the aggregate, at first zero.
Times** times_of(sqlite3_context* context) {
    return static_cast<Times**>(sqlite3_aggregate_context(context, sizeof(Times*)));
}

void add_time(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
    Times** times = times_of(context);
    if (times == nullptr) return sqlite3_result_error_nomem(context);
    if (*times == nullptr) *times = new Times;
    (*times)->push_back(Timestamp{sqlite3_value_int64(values[0])});
}

void finish_times(sqlite3_context* context) {
    Times** times = times_of(context);
    const std::unique_ptr<Times> owned(times == nullptr ? nullptr : *times);
    const Bytes bytes = owned ? encode_times(*owned) : Bytes();
    // Not even an empty list is NULL.
    if (bytes.empty()) return sqlite3_result_zeroblob(context, 0);
    sqlite3_result_blob64(context, bytes.data(), bytes.size(), SQLITE_TRANSIENT);
}

}  // namespace

void add_functions(sqlite3* db) {
    const int code = sqlite3_create_function_v2(
        db,
        "times_blob",
        1,
        SQLITE_UTF8 | SQLITE_DETERMINISTIC,
        nullptr,
        nullptr,
        add_time,
        finish_times,
        nullptr
    );
    if (code != SQLITE_OK) throw SqliteError(code, "times_blob cannot be added");
}

}  // namespace rag::sqlite
