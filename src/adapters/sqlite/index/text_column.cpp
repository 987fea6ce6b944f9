#include "text_column.hpp"

namespace rag::sqlite {

const std::string TextColumn::kNoText;

void TextColumn::set(Row row, const std::optional<std::string>& text) {
    numbers_.grow_to(row + std::size_t{1});
    numbers_[row] = number_of(text);
}

void TextColumn::copy(Row row, const TextColumn& other, Row from) {
    if (other.numbers_[from] == kNoNumber) return set(row, std::nullopt);
    set(row, other.text(from));
}

std::uint32_t TextColumn::find(std::string_view text) const {
    const auto found = number_of_.find(text);
    return found == number_of_.end() ? kNone : found->second;
}

std::uint32_t TextColumn::number_of(const std::optional<std::string>& text) {
    if (!text) return kNoNumber;
    const auto next = static_cast<std::uint32_t>(texts_.size());
    const auto [place, added] = number_of_.emplace(*text, next);
    if (added) {
        texts_.push_back(&place->first);
        bytes_ += text->size() + sizeof(std::string) + 32;
    }
    return place->second;
}

}  // namespace rag::sqlite
