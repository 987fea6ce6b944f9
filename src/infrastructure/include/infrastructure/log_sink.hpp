#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <tl/expected.hpp>

#include "domain/error.hpp"

namespace rag {

/// Where log lines go: a file that can be opened anew, or a descriptor that is open already. Each
/// line is one write, so lines of several threads and processes never mix. Thread-safe.
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

    /// `line` ends with a line feed. A line that cannot be written (disk full) is counted as lost.
    void write(std::string_view line);

    /// Opens the file of the same name anew, after it was moved away. A line written meanwhile goes
    /// to the old file or to the new one. On failure the old file stays in use.
    Result<void> reopen();

    std::uint64_t lost() const { return lost_; }

private:
    LogSink(int descriptor, std::optional<std::filesystem::path> path);

    const int descriptor_;
    const std::optional<std::filesystem::path> path_;
    std::atomic<std::uint64_t> lost_ = 0;
};

}  // namespace rag
