#pragma once

#include <unicode/umachine.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "stemming.hpp"

namespace rag::text {

/// How the analyzer treats a character.
enum class CharacterClass : std::uint8_t {
    separator,
    word,        // Letters, marks, digits and "_" of scripts that put spaces between words.
    east_asian,  // Cut into pairs.
    unspaced,    // Thai and others whose words only a dictionary tells apart.
};

CharacterClass class_of(UChar32 code_point);
Script script_of_character(UChar32 code_point);
bool is_han(UChar32 code_point);

/// Compatibility forms, width and case folded (NFKC_Casefold).
std::string fold_case(std::string_view text);

/// Without the accents that people leave out when they type: in Latin, Greek, Arabic and Hebrew
/// all, in Cyrillic those that make no letter of their own.
std::string fold_accents(std::string_view word);

}  // namespace rag::text
