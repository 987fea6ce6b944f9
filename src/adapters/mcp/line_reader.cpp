#include "line_reader.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace rag::mcp {
namespace {

constexpr std::size_t kReadBytes = 64u << 10;

}  // namespace

std::optional<LineReader::Line> LineReader::next() {
    while (true) {
        const std::size_t end = buffer_.find('\n', searched_);
        if (end != std::string::npos) {
            const bool skipped = std::exchange(skipping_, false);
            Line line = take(end, end + 1);
            if (!skipped) return line;
            return Line{{}, true};
        }
        searched_ = buffer_.size();
        if (searched_ > line_bytes_max_) skipping_ = true;
        if (skipping_) {
            buffer_.clear();
            searched_ = 0;
        }
        if (fill()) continue;
        if (skipping_) {
            skipping_ = false;
            return Line{{}, true};
        }
        if (buffer_.empty()) return std::nullopt;
        return take(buffer_.size(), buffer_.size());
    }
}

LineReader::Line LineReader::take(std::size_t length, std::size_t with_end) {
    Line line{buffer_.substr(0, length), false};
    buffer_.erase(0, with_end);
    searched_ = 0;
    if (line.text.ends_with('\r')) line.text.pop_back();
    if (line.text.size() > line_bytes_max_) line = Line{{}, true};
    return line;
}

/// More bytes; false: the input has ended, or reading shall.
bool LineReader::fill() {
    while (!ended_) {
        pollfd waits[2] = {{input_, POLLIN, 0}, {wake_, POLLIN, 0}};
        if (::poll(waits, 2, -1) < 0) {
            if (errno == EINTR) continue;
            break;
        }
        if (waits[1].revents != 0) break;
        const std::size_t before = buffer_.size();
        buffer_.resize(before + kReadBytes);
        const ssize_t count = ::read(input_, buffer_.data() + before, kReadBytes);
        const int error = errno;
        buffer_.resize(before + static_cast<std::size_t>(count > 0 ? count : 0));
        if (count > 0) return true;
        if (count < 0 && (error == EINTR || error == EAGAIN)) continue;
        break;
    }
    ended_ = true;
    return false;
}

bool write_fully(int output, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(output, bytes.data(), bytes.size());
        if (count >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(count));
            continue;
        }
        if (errno == EINTR) continue;
        if (errno != EAGAIN) return false;
        // The client has made its end non-blocking, which is ours too.
        pollfd wait{output, POLLOUT, 0};
        if (::poll(&wait, 1, -1) < 0 && errno != EINTR) return false;
    }
    return true;
}

}  // namespace rag::mcp
