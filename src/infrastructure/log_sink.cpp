#include "infrastructure/log_sink.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "log_line.hpp"

namespace rag {
namespace {

int open_for_append(const std::filesystem::path& path) {
    // Not group readable: log lines name ids and routes. logrotate's `create` decides afterwards.
    return ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
}

/// How long a reader may be behind before it counts as gone.
constexpr int kPatienceMs = 250;

bool is_no_file(int descriptor) {
    struct stat status {};
    return ::fstat(descriptor, &status) == 0 && !S_ISREG(status.st_mode);
}

std::string line_of_loss(std::uint64_t lines) {
    const LogField fields[] = {{"lines", static_cast<std::int64_t>(lines)}};
    return log_line(
        log_timestamp(),
        LogLevel::warning,
        "app.log",
        "Log lines were lost: nobody read them",
        {},
        fields
    );
}

}  // namespace

LogSink::LogSink(int descriptor, std::optional<std::filesystem::path> path)
    : descriptor_(descriptor), path_(std::move(path)), has_reader_(is_no_file(descriptor)) {}

LogSink::~LogSink() {
    if (path_) ::close(descriptor_);
}

Result<std::unique_ptr<LogSink>> LogSink::to_file(const std::filesystem::path& path) {
    const int descriptor = open_for_append(path);
    if (descriptor < 0) {
        const std::string reason = std::generic_category().message(errno);
        return fail(
            ErrorCode::invalid_argument,
            "LOG_FILE: " + path.string() + " cannot be opened: " + reason
        );
    }
    return std::unique_ptr<LogSink>(new LogSink(descriptor, path));
}

std::unique_ptr<LogSink> LogSink::to_descriptor(int descriptor) {
    return std::unique_ptr<LogSink>(new LogSink(descriptor, std::nullopt));
}

void LogSink::write(std::string_view line) {
    if (!has_reader_) return write_now(line);
    const std::lock_guard turn(turn_);
    const bool stalled = stalled_;
    if (!is_read()) {
        ++lost_;
        return;
    }
    if (stalled) write_now(line_of_loss(lost_ - lost_before_stall_));
    write_now(line);
}

bool LogSink::is_read() {
    pollfd wanted{.fd = descriptor_, .events = POLLOUT, .revents = 0};
    const bool read = ::poll(&wanted, 1, stalled_ ? 0 : kPatienceMs) != 0;
    if (!read && !stalled_) lost_before_stall_ = lost_;
    stalled_ = !read;
    return read;
}

void LogSink::write_now(std::string_view line) {
    while (!line.empty()) {
        const ssize_t written = ::write(descriptor_, line.data(), line.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) {
            ++lost_;
            return;
        }
        line.remove_prefix(static_cast<std::size_t>(written));
    }
}

Result<void> LogSink::reopen() {
    if (!path_) return {};
    const int fresh = open_for_append(*path_);
    if (fresh < 0) {
        return fail(ErrorCode::unavailable, "The log file of LOG_FILE cannot be opened anew.");
    }
    // dup3 exchanges the file behind the number in one step, so writers need no lock.
    const int moved = ::dup3(fresh, descriptor_, O_CLOEXEC);
    ::close(fresh);
    if (moved < 0) return fail(ErrorCode::unavailable, "The log file cannot be exchanged.");
    has_reader_ = is_no_file(descriptor_);
    return {};
}

}  // namespace rag
