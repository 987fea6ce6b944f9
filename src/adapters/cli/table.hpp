#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace rag::cli {

/// One line for a terminal: control characters and line ends become spaces, and what is longer
/// than `characters_max` ends in "…".
std::string one_line(std::string_view text, std::size_t characters_max);

/// A table for people: columns as wide as their widest cell, the last one free, or cut to what the
/// screen has left.
class Table {
public:
    explicit Table(std::vector<std::string> head) { rows_.push_back(std::move(head)); }
    void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
    /// `columns`: of the screen; 0: there is none.
    void print(std::ostream& out, std::size_t columns = 0) const;

private:
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace rag::cli
