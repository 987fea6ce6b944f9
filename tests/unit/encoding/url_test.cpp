#include "encoding/url.hpp"

#include <gtest/gtest.h>

namespace rag::encoding {
namespace {

/// The value of `name` in the query, or what was said against the query.
std::string parameter(std::string_view query, std::string_view name) {
    const Result<Value> parameters = parse_query_string(query);
    if (!parameters) return parameters.error().pointer + ": " + parameters.error().message;
    const Value* value = parameters->find(name);
    return value == nullptr ? "absent" : *value->string();
}

TEST(PercentCoding, ComesBack) {
    std::string all;
    for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);

    EXPECT_EQ(percent_decode(percent_encode(all), false), all);
    EXPECT_EQ(percent_decode(percent_encode(all), true), all);
    EXPECT_EQ(percent_encode("a-._~/ +\u00E9"), "a-._~%2F%20%2B%C3%A9");
}

TEST(PercentCoding, TakesAPlusForASpaceInQueriesOnly) {
    EXPECT_EQ(percent_decode("a+b%2b", true), "a b+");
    EXPECT_EQ(percent_decode("a+b%2B", false), "a+b+");
}

TEST(PercentCoding, RefusesBrokenEscapes) {
    for (const char* broken : {"%", "%4", "a%4", "%4g", "%g4", "%%41", "% 1", "%+1"}) {
        EXPECT_EQ(percent_decode(broken, false), std::nullopt) << broken;
        EXPECT_EQ(percent_decode(broken, true), std::nullopt) << broken;
    }
}

TEST(QueryStrings, AreReadIntoParameters) {
    EXPECT_EQ(parameter("q=a+b%26c&top_k=5", "q"), "a b&c");
    EXPECT_EQ(parameter("q=a+b%26c&top_k=5", "top_k"), "5");
    EXPECT_EQ(parameter("&&q=x=y&", "q"), "x=y");
    EXPECT_EQ(parameter("q", "q"), "");
    EXPECT_EQ(parameter("%71=caf\u00E9", "q"), "caf\u00E9");
    EXPECT_EQ(parameter("", "q"), "absent");
}

TEST(QueryStrings, AreRefusedWithTheParameterThatIsWrong) {
    EXPECT_EQ(parameter("q=%4", "q"), "/q: must be percent-encoded UTF-8 without NUL");
    EXPECT_EQ(parameter("q=%FF", "q"), "/q: must be percent-encoded UTF-8 without NUL");
    EXPECT_EQ(parameter("q=%00", "q"), "/q: must be percent-encoded UTF-8 without NUL");
    EXPECT_EQ(parameter("%FF=x", "q"), ": a parameter's name is not valid text");
    EXPECT_EQ(parameter("q=1&q=2", "q"), "/q: this parameter is there twice");
}

}  // namespace
}  // namespace rag::encoding
