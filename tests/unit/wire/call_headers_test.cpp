#include "wire/call_headers.hpp"

#include <gmock/gmock.h>

namespace rag::wire {
namespace {

using testing::ElementsAre;

Deadline in(std::chrono::seconds time) { return std::chrono::steady_clock::now() + time; }

constexpr const char* kTrace = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr const char* kSpan = "00f067aa0ba902b7";

CallContext sent(const CallContext& context) {
    Request head;
    write_call_headers(context, head.headers);
    return read_call_headers(head).value();
}

TEST(CallHeaders, CarryAllThatAContextSays) {
    CallContext context = CallContext::of_default_tenant(in(std::chrono::seconds(20)));
    context.trace = {kTrace, kSpan};
    context.principal = std::make_shared<const Principal>(Principal{
        TenantId{"b\u00fcro 7\r\nHost: x"}, "ana, lead", {"read all", "write"}});
    context.not_older_than = ConsistencyPosition{42};

    const CallContext read = sent(context);

    const auto lost = context.deadline - read.deadline;
    EXPECT_LE(std::chrono::abs(lost), std::chrono::seconds(1));
    EXPECT_EQ(read.trace.id, kTrace);
    EXPECT_EQ(read.trace.parent_span, kSpan);
    EXPECT_EQ(read.tenant(), context.tenant());
    EXPECT_EQ(read.principal->subject, "ana, lead");
    EXPECT_THAT(read.principal->scopes, ElementsAre("read all", "write"));
    ASSERT_TRUE(read.not_older_than);
    EXPECT_EQ(read.not_older_than->value, 42);
}

TEST(CallHeaders, SayNothingOfWhatAContextDoesNot) {
    std::vector<Header> headers;
    write_call_headers(CallContext::of_default_tenant(Deadline::max()), headers);
    EXPECT_TRUE(headers.empty());

    const CallContext read = read_call_headers(Request{}).value();
    EXPECT_EQ(read.deadline, Deadline::max());
    EXPECT_EQ(read.trace.id, "");
    EXPECT_EQ(read.principal, CallContext::default_principal());
    EXPECT_FALSE(read.not_older_than);
}

TEST(CallHeaders, KeepATraceThatStandsUnderNoSpan) {
    CallContext context = CallContext::of_default_tenant(Deadline::max());
    context.trace.id = kTrace;

    const CallContext read = sent(context);

    EXPECT_EQ(read.trace.id, kTrace);
    EXPECT_EQ(read.trace.parent_span, "");
}

TEST(CallHeaders, ReplaceWhatSomebodyElseHasWritten) {
    Request head;
    head.headers = {{"TraceParent", "00-ffffffffffffffffffffffffffffffff-00f067aa0ba902b7-01"}};
    CallContext context = CallContext::of_default_tenant(Deadline::max());
    context.trace = {kTrace, kSpan};

    write_call_headers(context, head.headers);

    EXPECT_EQ(read_call_headers(head)->trace.id, kTrace);
    EXPECT_EQ(head.headers.size(), 1U);
}

TEST(CallHeaders, ADeadlineThatHasPassedIsOverOnTheOtherSideToo) {
    const CallContext read = sent(CallContext::of_default_tenant(in(std::chrono::seconds(-5))));

    EXPECT_LE(read.deadline, std::chrono::steady_clock::now());
}

TEST(CallHeaders, ADeadlineAndATraceThatCannotBeReadAreAsGoodAsNone) {
    Request head;
    head.headers = {{"Mcp-Backend-Time-Left-Ms", "soon"}, {"traceparent", "00-zz"}};

    const CallContext read = read_call_headers(head).value();

    EXPECT_EQ(read.deadline, Deadline::max());
    EXPECT_EQ(read.trace.id, "");
    EXPECT_EQ(read.principal, CallContext::default_principal());
}

TEST(CallHeaders, WhoseDataIsMeantIsNeverGuessed) {
    const std::vector<std::vector<Header>> bad{
        {{"Mcp-Backend-Tenant", "%zz"}},
        {{"Mcp-Backend-Subject", "ana"}},
        {{"Mcp-Backend-Tenant", "t"}, {"Mcp-Backend-Subject", "%z"}},
        {{"Mcp-Backend-Tenant", "t"}, {"Mcp-Backend-Scopes", "read %z"}},
        {{"Mcp-Backend-Not-Older-Than", "1x"}}};
    for (const std::vector<Header>& headers : bad) {
        Request head;
        head.headers = headers;

        const Result<CallContext> read = read_call_headers(head);

        ASSERT_FALSE(read) << headers.back().name;
        EXPECT_EQ(read.error().code, ErrorCode::invalid_argument);
        const bool no_tenant = headers.front().name == "Mcp-Backend-Subject";
        const std::string name = no_tenant ? "Mcp-Backend-Tenant" : headers.back().name;
        EXPECT_EQ(read.error().pointer, "/" + name);
    }
}

TEST(TraceFrom, TakesAValidTraceparentAndBeginsATraceWithoutOne) {
    const Trace taken = trace_from(std::string("00-") + kTrace + "-" + kSpan + "-01");
    EXPECT_EQ(taken.id, kTrace);
    EXPECT_EQ(taken.parent_span, kSpan);

    for (const std::string& bad :
         {std::string(),
          std::string("ff-") + kTrace + "-" + kSpan + "-01",
          std::string("00-") + kTrace + "-0000000000000000-01",
          std::string("00-00000000000000000000000000000000-") + kSpan + "-01"}) {
        const Trace begun = trace_from(bad);
        EXPECT_EQ(begun.id.size(), 32U) << bad;
        EXPECT_NE(begun.id, kTrace) << bad;
        EXPECT_EQ(begun.parent_span, "") << bad;
    }
}

}  // namespace
}  // namespace rag::wire
