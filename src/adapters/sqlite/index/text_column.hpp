#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "row_column.hpp"

namespace rag::sqlite {

struct StringHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
        return std::hash<std::string_view>()(text);
    }
};

/// A text of each row, by number: few are distinct, and comparing them is comparing numbers.
class TextColumn {
public:
    explicit TextColumn(PageArena& pages) : numbers_(pages) {}

    void set(Row row, const std::optional<std::string>& text);
    void copy(Row row, const TextColumn& other, Row from);

    /// "" where there is none.
    const std::string& text(Row row) const { return *texts_[numbers_[row]]; }
    /// Rows have it where their value is its number; kNone: no row has it. No text is another one
    /// than "".
    std::uint32_t find(std::string_view text) const;
    const RowColumn<std::uint32_t>& numbers() const { return numbers_; }

    static constexpr std::uint32_t kNoNumber = 0;  // Of rows that have none.
    /// Numbers are less.
    std::size_t count() const { return texts_.size(); }

    /// Beside the pages.
    std::size_t memory_bytes() const { return bytes_; }

private:
    static const std::string kNoText;

    std::uint32_t number_of(const std::optional<std::string>& text);

    RowColumn<std::uint32_t> numbers_;
    std::unordered_map<std::string, std::uint32_t, StringHash, std::equal_to<>> number_of_;
    std::vector<const std::string*> texts_{&kNoText};
    std::size_t bytes_ = 0;
};

}  // namespace rag::sqlite
