#include "text_cut.hpp"

#include "encoding/utf8.hpp"

namespace rag::mcp {

bool is_place_in(std::string_view text, std::size_t offset) {
    if (offset >= text.size()) return offset == text.size();
    return !encoding::continues_utf8(text[offset]);
}

std::string_view first_characters(std::string_view text, std::size_t characters_max) {
    std::size_t characters = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (is_place_in(text, at) && characters++ == characters_max) return text.substr(0, at);
    }
    return text;
}

}  // namespace rag::mcp
