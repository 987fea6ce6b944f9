#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <tl/expected.hpp>

#include "domain/error.hpp"

namespace rag {

/// Where log lines go: a file that can be opened anew, or a descriptor that is open already. Each
/// line is one write, so lines of several threads and processes never mix. Thread-safe.
///
/// A pipe or terminal that nobody reads any more stops nobody who writes: it is waited for once,
/// then lines are lost, and counted, until it is read again; the next line that is written says how
/// many they were.
class LogSink {
public:
    /// Appends to the file; makes it (and not its folder) if there is none. `invalid_argument`: it
    /// cannot be opened; the message names the file and the reason, for whoever starts the process.
    static Result<std::unique_ptr<LogSink>> to_file(const std::filesystem::path& path);
    /// 1 or 2; stays open.
    static std::unique_ptr<LogSink> to_descriptor(int descriptor);

    ~LogSink();
    LogSink(const LogSink&) = delete;
    LogSink& operator=(const LogSink&) = delete;

    /// `line` ends with a line feed. A line that cannot be written (disk full, no reader) is
    /// counted as lost.
    void write(std::string_view line);

    /// Opens the file of the same name anew, after it was moved away. A line written meanwhile goes
    /// to the old file or to the new one. On failure the old file stays in use.
    Result<void> reopen();

    std::uint64_t lost() const { return lost_; }

private:
    LogSink(int descriptor, std::optional<std::filesystem::path> path);

    void write_now(std::string_view line);
    /// Of what may have a reader; under `turn_`.
    bool is_read();

    const int descriptor_;
    const std::optional<std::filesystem::path> path_;
    std::atomic<std::uint64_t> lost_ = 0;
    std::atomic<bool> has_reader_;  // It is no file.

    std::mutex turn_;  // Room that one thread has seen must not be another's.
    bool stalled_ = false;
    std::uint64_t lost_before_stall_ = 0;
};

}  // namespace rag
