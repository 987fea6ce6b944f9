#include "functions.hpp"

#include <memory>
#include <vector>

#include "blobs.hpp"
#include "connection.hpp"
#include "text/normalize.hpp"

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

void fold_text(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_value_text(values[0]));
    if (bytes == nullptr) return sqlite3_result_null(context);
    const auto size = static_cast<std::size_t>(sqlite3_value_bytes(values[0]));
    const std::string folded = text::fold(std::string_view(bytes, size));
    sqlite3_result_text64(context, folded.data(), folded.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;

}  // namespace

void add_functions(sqlite3* db) {
    int code = sqlite3_create_function_v2(
        db, "times_blob", 1, kFlags, nullptr, nullptr, add_time, finish_times, nullptr
    );
    if (code == SQLITE_OK) {
        code = sqlite3_create_function_v2(
            db, "fold", 1, kFlags, nullptr, fold_text, nullptr, nullptr, nullptr
        );
    }
    if (code != SQLITE_OK) throw SqliteError(code, "functions cannot be added");
}

}  // namespace rag::sqlite
