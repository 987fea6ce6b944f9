#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

namespace rag {

enum class LogLevel : std::uint8_t { debug, info, warning, error, critical };

/// A field of a log line. Never a message text, title, author name, query, key or password.
struct LogField {
    std::string_view name;
    std::variant<std::int64_t, double, bool, std::string_view> value;
};

enum class WriteStatus : std::uint8_t { success, duplicate, error };
enum class SearchStatus : std::uint8_t { success, degraded, error };

/// How the core counts and tells what it does. Thread-safe, never blocks, never fails.
class Telemetry {
public:
    virtual ~Telemetry() = default;

    /// `trace_id`: of the request it belongs to, or empty.
    virtual void log(
        LogLevel level,
        std::string_view logger,
        std::string_view message,
        std::string_view trace_id,
        std::span<const LogField> fields
    ) = 0;

    virtual void ingest_done(WriteStatus status, double seconds) = 0;
    /// `mode`: as asked for ("hybrid", "dense", "lexical").
    virtual void search_done(std::string_view mode, SearchStatus status, double seconds) = 0;
    virtual void embedding_done(std::string_view provider, double seconds) = 0;
    /// `reason`: one word of a closed list: "timeout", "unavailable", "overloaded", "invalid",
    /// "internal".
    virtual void embedding_failed(std::string_view provider, std::string_view reason) = 0;
    /// `operation`: one word of a closed list: the repository's call.
    virtual void database_query_done(std::string_view operation, double seconds) = 0;
};

}  // namespace rag
