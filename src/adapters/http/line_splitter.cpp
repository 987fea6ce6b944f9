#include "line_splitter.hpp"

#include <algorithm>
#include <utility>

namespace rag::http {

std::optional<LineSplitter::Line> LineSplitter::next(std::string_view& bytes) {
    while (!bytes.empty()) {
        const std::size_t end = std::min(bytes.find('\n'), bytes.size());
        if (!too_long_ && text_.size() + end > line_bytes_max_) {
            too_long_ = true;
            text_ = std::string();  // Gives the memory back.
        }
        if (!too_long_) text_.append(bytes.substr(0, end));
        const bool ended = end < bytes.size();
        bytes.remove_prefix(ended ? end + 1 : end);
        if (!ended) return std::nullopt;
        if (std::optional<Line> line = end_line()) return line;
    }
    return std::nullopt;
}

std::optional<LineSplitter::Line> LineSplitter::finish() { return end_line(); }

std::optional<LineSplitter::Line> LineSplitter::end_line() {
    if (text_.ends_with('\r')) text_.pop_back();
    if (std::exchange(first_, false) && text_.starts_with("\xEF\xBB\xBF")) text_.erase(0, 3);
    Line line{number_++, std::exchange(text_, {}), std::exchange(too_long_, false)};
    if (line.text.empty() && !line.too_long) return std::nullopt;
    return line;
}

}  // namespace rag::http
