#include "table.hpp"

#include <algorithm>

#include "encoding/utf8.hpp"
#include "screen.hpp"

namespace rag::cli {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kLastMin = 8;  // Columns that the last cell has on the narrowest screen.

}  // namespace

std::string one_line(std::string_view text, std::size_t characters_max) {
    std::string line;
    std::size_t characters = 0;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i + 1;
        while (end < text.size() && encoding::continues_utf8(text[end])) ++end;
        if (++characters > characters_max) return line + "…";
        const auto byte = static_cast<unsigned char>(text[i]);
        // C1 controls (U+0080..U+009F) move a terminal's cursor as C0 ones do.
        const bool c1 =
            byte == 0xC2 && end - i == 2 && static_cast<unsigned char>(text[i + 1]) < 0xA0;
        if (byte < 0x20 || byte == 0x7F || c1) {
            line += ' ';
        } else {
            line += text.substr(i, end - i);
        }
        i = end;
    }
    return line;
}

void Table::print(std::ostream& out, std::size_t columns) const {
    std::vector<std::size_t> widths(rows_.front().size(), 0);
    for (const auto& row : rows_) {
        for (std::size_t column = 0; column < row.size(); ++column) {
            widths[column] = std::max(widths[column], width_of(row[column]));
        }
    }
    std::size_t before_last = 0;
    for (std::size_t i = 0; i + 1 < widths.size(); ++i) before_last += widths[i] + kGap;
    const std::size_t left = columns > before_last ? columns - before_last : 0;
    for (const auto& row : rows_) {
        std::string line;
        for (std::size_t column = 0; column + 1 < row.size(); ++column) {
            line += row[column] + std::string(widths[column] - width_of(row[column]) + kGap, ' ');
        }
        line += columns == 0 ? row.back() : shortened(row.back(), std::max(left, kLastMin));
        while (line.ends_with(' ')) line.pop_back();
        out << line << "\n";
    }
}

}  // namespace rag::cli
