#include "table.hpp"

#include <algorithm>

#include "domain/conversation.hpp"
#include "encoding/utf8.hpp"

namespace rag::cli {

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

void Table::print(std::ostream& out) const {
    std::vector<std::size_t> widths(rows_.front().size(), 0);
    for (const auto& row : rows_) {
        for (std::size_t column = 0; column < row.size(); ++column) {
            widths[column] = std::max(widths[column], count_characters(row[column]));
        }
    }
    for (const auto& row : rows_) {
        for (std::size_t column = 0; column < row.size(); ++column) {
            out << row[column];
            if (column + 1 == row.size()) continue;
            out << std::string(widths[column] - count_characters(row[column]) + 2, ' ');
        }
        out << "\n";
    }
}

}  // namespace rag::cli
