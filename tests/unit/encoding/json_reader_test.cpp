#include <gmock/gmock.h>

#include "canonical.hpp"
#include "encoding/json.hpp"

namespace rag::encoding {
namespace {

using namespace std::string_literals;
using ::testing::HasSubstr;

struct BadJson {
    std::string text;
    std::string pointer;
};

/// The pointer of the error, or "taken".
std::string refused_at(std::string_view text) {
    const Result<Value> value = parse_json(text);
    if (value) return "taken";
    EXPECT_EQ(value.error().code, ErrorCode::invalid_argument);
    EXPECT_FALSE(value.error().message.empty());
    return value.error().pointer;
}

TEST(JsonReader, RefusesWhatIsNoJsonOrNotOurs) {
    const std::vector<BadJson> all{
        {"", ""},
        {" ", ""},
        {"{", ""},
        {"{}}", ""},
        {"{} {}", ""},
        {"nul", ""},
        {"{'a':1}", ""},
        {"[1,]", "/1"},
        {"{\"a\":}", "/a"},
        {"{\"a\":01}", "/a"},
        {"{\"a\":+1}", "/a"},
        {"{\"a\":.5}", "/a"},
        {"{\"a\":NaN}", "/a"},
        {"{\"a\":[true,Infinity]}", "/a/1"},
        {"{\"a\":1e400}", "/a"},
        {"{\"a\":-1e400}", "/a"},
        {"\xEF\xBB\xBF\xEF\xBB\xBF{}", ""},
        {"{\"a\":\"\xFF\"}", "/a"},
        {"{\"a\":\"\xC0\x80\"}", "/a"},
        {"{\"a\":\"\xED\xA0\x80\"}", "/a"},
        {"{\"a\":\"\xF4\x90\x80\x80\"}", "/a"},
        {"{\"a\":\"\xE2\x82\"}", "/a"},
        {"{\"a\":\"\\u0000\"}", "/a"},
        {"{\"a\":\"x\0y\"}"s, "/a"},
        {"{\"a\\u0000\":1}", "/a\0"s},
        {"{}\0"s, ""},
        {"\0{}"s, ""},
        {"{\"a\":\"\\ud800\"}", "/a"},
        {"{\"a\":\"\\udc00\"}", "/a"},
        {"{\"a\":\"\\ud800\\u0041\"}", "/a"},
        {"{\"a\":\"\\x41\"}", "/a"},
        {"{\"a\":\"tab\there\"}", "/a"},
        {"{\"a\":1,\"b\":2,\"a\":3}", "/a"},
        {"{\"a\":1,\"\\u0061\":3}", "/a"},
        {"[{\"b\":{\"a/b~c\":1,\"a/b~c\":2}}]", "/0/b/a~1b~0c"},
        {"// c\n{}", ""},
    };

    for (const BadJson& bad : all) EXPECT_EQ(refused_at(bad.text), bad.pointer) << bad.text;
}

TEST(JsonReader, RefusesTheSameInsideOfMetadata) {
    EXPECT_EQ(refused_at(R"({"metadata":{"a":{"b":1,"b":1}}})"), "/metadata/a/b");
    EXPECT_EQ(refused_at(R"({"metadata":{"a":["\u0000"]}})"), "/metadata/a/0");
    EXPECT_EQ(refused_at(R"({"metadata":{"a":1e999}})"), "/metadata/a");
    EXPECT_EQ(refused_at("{\"metadata\":{\"a\":\"\xFF\"}}"), "/metadata/a");
    EXPECT_EQ(refused_at(R"({"metadata":{"a":)"), "/metadata/a");
}

std::string why(std::string_view text) {
    const Result<Value> value = parse_json(text);
    return value ? "taken" : value.error().message;
}

TEST(JsonReader, SaysWhatNoTextCanHoldAndWhere) {
    EXPECT_THAT(why("{\"a\":\"\xFF\"}"), HasSubstr("UTF-8 at byte 7"));
    EXPECT_THAT(why("{\"a\":\"xy\xE2\x82\"}"), HasSubstr("UTF-8 at byte 9"));
    EXPECT_THAT(why("{\"a\":\"\\u0000\"}"), HasSubstr("NUL"));
    EXPECT_THAT(why("{\"a\":\"x\0\"}"s), HasSubstr("NUL"));
    EXPECT_THAT(why("{\"a\":\"\\ud800\"}"), HasSubstr("surrogate"));
    EXPECT_THAT(why("{\"a\":\"\\udc00\"}"), HasSubstr("surrogate"));
    EXPECT_THAT(why("{\"a\":\"\n\"}"), HasSubstr("must be escaped at byte 7"));
}

TEST(JsonReader, SkipsOneByteOrderMark) { EXPECT_TRUE(parse_json("\xEF\xBB\xBF{}")); }

TEST(JsonReader, ReplacesWhatNoTextCanHoldAndTellsWhere) {
    const Result<ReplacedJson> read = parse_json_replacing(
        "{\"a\":\"x\\u0000y\\ud83d\\ude00\",\"b\":[\"\xFF\xFE\",\"ok\"],"
        "\"metadata\":{\"c\":\"\\udc00\"},\"d\":\"\xED\xA0\x80\",\"e\":\"\0\"}"s
    );

    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read->value.find("a")->string(), "x\uFFFDy\U0001F600");
    EXPECT_EQ(*read->value.find("b")->array()->front().string(), "\uFFFD\uFFFD");
    EXPECT_EQ(read->value.find("metadata")->opaque()->raw, "{\"c\":\"\uFFFD\"}");
    EXPECT_EQ(*read->value.find("d")->string(), "\uFFFD");
    EXPECT_EQ(*read->value.find("e")->string(), "\uFFFD");
    std::vector<std::string> places;
    for (const Replacement& one : read->replaced) {
        places.push_back(one.pointer + " " + std::to_string(one.count));
    }
    EXPECT_THAT(places, ::testing::ElementsAre("/a 1", "/b/0 2", "/metadata/c 1", "/d 1", "/e 1"));
}

TEST(JsonReader, ReplacesNothingOutsideOfStrings) {
    EXPECT_FALSE(parse_json_replacing("{\"a\":\0 1}"s));
    EXPECT_FALSE(parse_json_replacing("{\"a\":\xFF}"));
    EXPECT_FALSE(parse_json_replacing("{\"a\":\"\\u12\"}"));
    EXPECT_TRUE(parse_json_replacing("{\"a\":\"\\\\u0000\"}"));  // An escaped backslash.
}

TEST(JsonReader, TakesSixtyFourLevelsAndNoMore) {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    const auto in_metadata = [](std::size_t depth) {
        std::string text = R"({"metadata":)";
        for (std::size_t i = 1; i < depth; ++i) text += "{\"a\":";
        return text + "1" + std::string(depth, '}');
    };

    EXPECT_TRUE(parse_json(nested(64)));
    EXPECT_FALSE(parse_json(nested(65)));
    EXPECT_TRUE(parse_json(in_metadata(64)));
    EXPECT_FALSE(parse_json(in_metadata(65)));
    EXPECT_FALSE(parse_json(nested(100'000)));
    EXPECT_FALSE(parse_json(std::string(100'000, '[')));
    EXPECT_FALSE(parse_json(in_metadata(100'000)));
}

TEST(JsonReader, BoundsTheTreeOfAHostileBody) {
    std::string many = "[0";
    for (int i = 0; i < 700'000; ++i) many += ",0";
    many += "]";

    EXPECT_FALSE(parse_json(many));
    EXPECT_TRUE(parse_json("{\"metadata\":{\"a\":" + many + "}}")) << "metadata is kept as text";
}

TEST(JsonReader, KeepsNumbersAndMetadataAsTheyWereSpelled) {
    const std::string metadata = R"({ "b" : 12345678901234567890123, "a":1.50, "c":"\u00e4/\/" })";
    const Result<Value> value =
        parse_json("{\"id\":9007199254740993,\"x\":1.0,\"metadata\":" + metadata + " }");

    ASSERT_TRUE(value);
    EXPECT_EQ(value->find("id")->integer(), 9007199254740993);
    EXPECT_EQ(value->find("x")->integer(), std::nullopt);
    EXPECT_EQ(value->find("x")->real(), 1.0);
    EXPECT_EQ(value->find("metadata")->opaque()->raw, metadata);
    EXPECT_THAT(value->to_json(), HasSubstr(metadata));
}

std::string canonical(const std::string& metadata) {
    const Result<Value> value = parse_json("{\"metadata\":" + metadata + "}");
    return value ? value->find("metadata")->opaque()->canonical : "refused";
}

TEST(JsonReader, GivesEqualMetadataOneText) {
    EXPECT_EQ(
        canonical(R"({"b":[1, 2.50 ],"a":{"y":null,"x":true}})"),
        canonical(R"( { "a" : {"x":true,"y":null}, "b":[10e-1,25e-1]})")
    );
    EXPECT_EQ(canonical(R"({"a":"\u00e4\n\/"})"), canonical("{\"a\":\"\xC3\xA4\\u000a/\"}"));
    EXPECT_EQ(canonical(R"({"a":-0})"), canonical(R"({"a":0.0e5})"));
}

TEST(JsonReader, KeepsDifferentMetadataApart) {
    EXPECT_NE(
        canonical(R"({"a":12345678901234567890123})"), canonical(R"({"a":12345678901234567890124})")
    );
    EXPECT_NE(canonical(R"({"a":0.1})"), canonical(R"({"a":0.10000000000000000001})"));
    EXPECT_NE(canonical(R"({"a":1})"), canonical(R"({"a":"1"})"));
    EXPECT_NE(canonical(R"({"a":[1,2]})"), canonical(R"({"a":[12]})"));
    EXPECT_NE(canonical(R"({"a":[]})"), canonical(R"({"a":{}})"));
    EXPECT_NE(canonical(R"({"a":["b,c"]})"), canonical(R"({"a":["b","c"]})"));
    EXPECT_NE(canonical(R"({"a":1,"b":2})"), canonical(R"({"a":2,"b":1})"));
    EXPECT_NE(canonical(R"({"a":1e-400})"), canonical(R"({"a":0})"));
}

TEST(CanonicalNumber, HasOneSpelling) {
    EXPECT_EQ(canonical_number("100"), "1e2");
    EXPECT_EQ(canonical_number("1.50"), "15e-1");
    EXPECT_EQ(canonical_number("-0.0"), "0");
    EXPECT_EQ(canonical_number("12E+3"), "12e3");
    EXPECT_EQ(canonical_number("0.001e3"), "1");
    EXPECT_EQ(canonical_number("1e99999999999999999999"), "1e99999999999999999999");
}

}  // namespace
}  // namespace rag::encoding
