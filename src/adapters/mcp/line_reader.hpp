#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace rag::mcp {

/// Lines of a file descriptor, of bounded length; another thread can make it stop.
class LineReader {
public:
    /// Both descriptors stay the caller's. `wake`: reading ends once this one is readable.
    LineReader(int input, int wake, std::size_t line_bytes_max)
        : input_(input), wake_(wake), line_bytes_max_(line_bytes_max) {}

    struct Line {
        std::string text;       // Without its end ("\n" or "\r\n").
        bool too_long = false;  // Was skipped; `text` is empty.
    };

    /// Waits for the next line; what stands at the end without a line end is one too. nullopt: no
    /// more will come.
    std::optional<Line> next();

private:
    bool fill();
    Line take(std::size_t length, std::size_t with_end);

    int input_;
    int wake_;
    std::size_t line_bytes_max_;
    std::string buffer_;
    std::size_t searched_ = 0;  // Bytes of `buffer_` known to hold no line end.
    bool skipping_ = false;     // Within a line that is too long.
    bool ended_ = false;
};

/// Writes all of it; false: nobody reads any more.
bool write_fully(int output, std::string_view bytes);

}  // namespace rag::mcp
