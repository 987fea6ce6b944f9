#include <gmock/gmock.h>

#include <limits>

#include "encoding/json.hpp"

namespace rag::encoding {
namespace {

std::string real(double value) { return JsonWriter().real(value).text(); }
std::string real(float value) { return JsonWriter().real(value).text(); }

// Not inlined: with sanitizers g++ 12 takes an empty optional for one that is read uninitialised.
[[gnu::noinline]] std::optional<std::string> nothing() { return std::nullopt; }

TEST(JsonWriter, PutsCommasWhereTheyBelong) {
    JsonWriter out;
    out.begin_object();
    out.key("a")
        .begin_array()
        .integer(1)
        .null()
        .begin_object()
        .end_object()
        .boolean(true)
        .end_array();
    out.member("b", std::string_view("x"));
    out.member("c", nothing());
    out.id("d", 7);
    out.end_object();

    EXPECT_EQ(out.text(), R"({"a":[1,null,{},true],"b":"x","c":null,"d":"7"})");
}

TEST(JsonWriter, EscapesWhatJsonWantsAndNothingElse) {
    const std::string all = "\"\\/\n\r\t\b\f\x01\x1F\x7F\xC3\xA4\xF0\x9F\x98\x80";
    const std::string written = JsonWriter().string(all).text();

    EXPECT_EQ(written, "\"\\\"\\\\/\\n\\r\\t\\b\\f\\u0001\\u001f\x7F\xC3\xA4\xF0\x9F\x98\x80\"");
    EXPECT_EQ(*parse_json(written)->string(), all);
}

TEST(JsonWriter, WritesNumbersShortAndReadable) {
    EXPECT_EQ(real(0.83), "0.83");
    EXPECT_EQ(real(0.83F), "0.83");
    EXPECT_EQ(real(1.0), "1");
    EXPECT_EQ(real(0.00012), "0.00012");
    EXPECT_EQ(real(123456789.5), "123456789.5");
    EXPECT_EQ(real(0.1 + 0.2), "0.30000000000000004");
    EXPECT_EQ(real(1e300), "1e+300");
    EXPECT_EQ(real(std::numeric_limits<double>::infinity()), "null");
    EXPECT_EQ(
        JsonWriter().integer(std::numeric_limits<std::int64_t>::min()).text(),
        "-9223372036854775808"
    );
}

TEST(JsonPointer, EscapesNames) {
    EXPECT_EQ(child_pointer("/a", "b/c~d"), "/a/b~1c~0d");
    EXPECT_EQ(child_pointer("", std::size_t{3}), "/3");
}

}  // namespace
}  // namespace rag::encoding
