#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "domain/text_ports.hpp"

namespace rag::text {

/// Stop words are kept apart from the stems of other words ("do" from "doing") by a first letter
/// that no other term has.
inline constexpr char kStopMark = '~';

/// Gathers the terms of one text: all of them in one buffer, sorted and counted at the end.
class TermCollector {
public:
    void clear() {
        letters_.clear();
        places_.clear();
    }

    void add(std::string_view term);
    void add_stop_word(std::string_view word);

    /// Each term once, sorted.
    std::vector<Term> take();

private:
    struct Place {
        std::uint64_t prefix;  // The first eight letters, so that most comparisons end here.
        std::uint32_t offset;
        std::uint32_t size;
    };

    std::string_view text_of(const Place& place) const {
        return std::string_view(letters_).substr(place.offset, place.size);
    }
    void close(std::size_t offset);

    std::string letters_;
    std::vector<Place> places_;
};

}  // namespace rag::text
