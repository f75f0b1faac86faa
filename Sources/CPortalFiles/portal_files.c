#include "CPortalFiles.h"

/* Written by scripts/portal-files. #embed is of C23. */
#pragma clang diagnostic ignored "-Wc23-extensions"

static const uint8_t api_js[] = {
#embed "../Portal/Assets/api.js"
};
static const uint8_t app_js[] = {
#embed "../Portal/Assets/app.js"
};
static const uint8_t chart_js[] = {
#embed "../Portal/Assets/chart.js"
};
static const uint8_t connect_js[] = {
#embed "../Portal/Assets/connect.js"
};
static const uint8_t docs_js[] = {
#embed "../Portal/Assets/docs.js"
};
static const uint8_t dom_js[] = {
#embed "../Portal/Assets/dom.js"
};
static const uint8_t format_js[] = {
#embed "../Portal/Assets/format.js"
};
static const uint8_t listing_js[] = {
#embed "../Portal/Assets/listing.js"
};
static const uint8_t pages_administration_js[] = {
#embed "../Portal/Assets/pages/administration.js"
};
static const uint8_t pages_events_js[] = {
#embed "../Portal/Assets/pages/events.js"
};
static const uint8_t pages_gateways_js[] = {
#embed "../Portal/Assets/pages/gateways.js"
};
static const uint8_t pages_networks_js[] = {
#embed "../Portal/Assets/pages/networks.js"
};
static const uint8_t pages_overview_js[] = {
#embed "../Portal/Assets/pages/overview.js"
};
static const uint8_t pages_peers_js[] = {
#embed "../Portal/Assets/pages/peers.js"
};
static const uint8_t pages_server_js[] = {
#embed "../Portal/Assets/pages/server.js"
};
static const uint8_t pages_start_js[] = {
#embed "../Portal/Assets/pages/start.js"
};
static const uint8_t pages_usage_js[] = {
#embed "../Portal/Assets/pages/usage.js"
};
static const uint8_t rows_js[] = {
#embed "../Portal/Assets/rows.js"
};
static const uint8_t style_css[] = {
#embed "../Portal/Assets/style.css"
};
static const uint8_t ui_js[] = {
#embed "../Portal/Assets/ui.js"
};

static const uint8_t arrival_mustache[] = {
#embed "../Portal/Templates/arrival.mustache"
};
static const uint8_t docs_mustache[] = {
#embed "../Portal/Templates/docs.mustache"
};
static const uint8_t errors_mustache[] = {
#embed "../Portal/Templates/errors.mustache"
};
static const uint8_t head_mustache[] = {
#embed "../Portal/Templates/head.mustache"
};
static const uint8_t invitation_mustache[] = {
#embed "../Portal/Templates/invitation.mustache"
};
static const uint8_t members_mustache[] = {
#embed "../Portal/Templates/members.mustache"
};
static const uint8_t message_mustache[] = {
#embed "../Portal/Templates/message.mustache"
};
static const uint8_t prose_mustache[] = {
#embed "../Portal/Templates/prose.mustache"
};
static const uint8_t share_offered_mustache[] = {
#embed "../Portal/Templates/share-offered.mustache"
};
static const uint8_t share_opened_mustache[] = {
#embed "../Portal/Templates/share-opened.mustache"
};
static const uint8_t shell_mustache[] = {
#embed "../Portal/Templates/shell.mustache"
};
static const uint8_t sign_in_mustache[] = {
#embed "../Portal/Templates/sign-in.mustache"
};
static const uint8_t type_mustache[] = {
#embed "../Portal/Templates/type.mustache"
};
static const uint8_t words_mustache[] = {
#embed "../Portal/Templates/words.mustache"
};

#define FILE(path, bytes) { path, bytes, sizeof bytes }

static const struct wgw_portal_file files[] = {
    FILE("Assets/api.js", api_js),
    FILE("Assets/app.js", app_js),
    FILE("Assets/chart.js", chart_js),
    FILE("Assets/connect.js", connect_js),
    FILE("Assets/docs.js", docs_js),
    FILE("Assets/dom.js", dom_js),
    FILE("Assets/format.js", format_js),
    FILE("Assets/listing.js", listing_js),
    FILE("Assets/pages/administration.js", pages_administration_js),
    FILE("Assets/pages/events.js", pages_events_js),
    FILE("Assets/pages/gateways.js", pages_gateways_js),
    FILE("Assets/pages/networks.js", pages_networks_js),
    FILE("Assets/pages/overview.js", pages_overview_js),
    FILE("Assets/pages/peers.js", pages_peers_js),
    FILE("Assets/pages/server.js", pages_server_js),
    FILE("Assets/pages/start.js", pages_start_js),
    FILE("Assets/pages/usage.js", pages_usage_js),
    FILE("Assets/rows.js", rows_js),
    FILE("Assets/style.css", style_css),
    FILE("Assets/ui.js", ui_js),
    FILE("Templates/arrival.mustache", arrival_mustache),
    FILE("Templates/docs.mustache", docs_mustache),
    FILE("Templates/errors.mustache", errors_mustache),
    FILE("Templates/head.mustache", head_mustache),
    FILE("Templates/invitation.mustache", invitation_mustache),
    FILE("Templates/members.mustache", members_mustache),
    FILE("Templates/message.mustache", message_mustache),
    FILE("Templates/prose.mustache", prose_mustache),
    FILE("Templates/share-offered.mustache", share_offered_mustache),
    FILE("Templates/share-opened.mustache", share_opened_mustache),
    FILE("Templates/shell.mustache", shell_mustache),
    FILE("Templates/sign-in.mustache", sign_in_mustache),
    FILE("Templates/type.mustache", type_mustache),
    FILE("Templates/words.mustache", words_mustache),
};

size_t wgw_portal_file_count(void) { return sizeof files / sizeof files[0]; }

struct wgw_portal_file wgw_portal_file_at(size_t index) { return files[index]; }
