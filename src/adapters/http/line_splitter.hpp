#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rag::http {

/// Cuts a stream of bytes into lines, without a byte order mark before the first. Keeps at most one
/// line's bytes.
class LineSplitter {
public:
    struct Line {
        std::int64_t number = 0;  // Empty lines count and are not given out.
        std::string text;         // Without its end.
        bool too_long = false;    // `text` is empty: it was longer than allowed and left out.
    };

    explicit LineSplitter(std::size_t line_bytes_max, std::int64_t first_line = 1)
        : line_bytes_max_(line_bytes_max), number_(first_line) {}

    /// Takes bytes from the front of `bytes` up to the end of the next line; nullopt: all are taken
    /// and the line goes on.
    std::optional<Line> next(std::string_view& bytes);
    /// The last line, if it has no end.
    std::optional<Line> finish();
    /// Of the line that goes on.
    std::size_t held_bytes() const { return text_.size(); }

private:
    std::optional<Line> end_line();

    std::size_t line_bytes_max_;
    std::string text_;
    bool too_long_ = false;
    bool first_ = true;
    std::int64_t number_;
};

}  // namespace rag::http
