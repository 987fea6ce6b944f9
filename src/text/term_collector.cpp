#include "term_collector.hpp"

#include <algorithm>

namespace rag::text {
namespace {

/// Compares as the letters do: the first in the highest byte.
std::uint64_t prefix_of(std::string_view text) {
    std::uint64_t prefix = 0;
    for (std::size_t place = 0; place < sizeof prefix; ++place) {
        const auto letter = place < text.size() ? static_cast<unsigned char>(text[place]) : 0U;
        prefix = (prefix << 8U) | letter;
    }
    return prefix;
}

}  // namespace

void TermCollector::add(std::string_view term) {
    const std::size_t offset = letters_.size();
    letters_.append(term);
    close(offset);
}

void TermCollector::add_stop_word(std::string_view word) {
    const std::size_t offset = letters_.size();
    letters_.push_back(kStopMark);
    letters_.append(word);
    close(offset);
}

void TermCollector::close(std::size_t offset) {
    Place place{0, static_cast<std::uint32_t>(offset), 0};
    place.size = static_cast<std::uint32_t>(letters_.size() - offset);
    place.prefix = prefix_of(text_of(place));
    places_.push_back(place);
}

std::vector<Term> TermCollector::take() {
    const auto before = [this](const Place& one, const Place& other) {
        if (one.prefix != other.prefix) return one.prefix < other.prefix;
        return text_of(one) < text_of(other);
    };
    std::sort(places_.begin(), places_.end(), before);

    std::vector<Term> terms;
    for (const Place& place : places_) {
        const std::string_view text = text_of(place);
        if (!terms.empty() && terms.back().text == text) {
            ++terms.back().count;
        } else {
            terms.push_back({std::string(text), 1, text.front() == kStopMark});
        }
    }
    return terms;
}

}  // namespace rag::text
