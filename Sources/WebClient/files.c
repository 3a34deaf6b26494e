// The files of the web client become part of the program here. A test checks that none is missing in this list.

#include "web_client.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char chat_buffer_js[] = {
#embed "site/chat/buffer.js"
};
static const unsigned char chat_chat_js[] = {
#embed "site/chat/chat.js"
};
static const unsigned char chat_client_js[] = {
#embed "site/chat/client.js"
};
static const unsigned char chat_commands_js[] = {
#embed "site/chat/commands.js"
};
static const unsigned char chat_drafts_js[] = {
#embed "site/chat/drafts.js"
};
static const unsigned char chat_entries_js[] = {
#embed "site/chat/entries.js"
};
static const unsigned char chat_history_js[] = {
#embed "site/chat/history.js"
};
static const unsigned char chat_notify_js[] = {
#embed "site/chat/notify.js"
};
static const unsigned char chat_receive_js[] = {
#embed "site/chat/receive.js"
};
static const unsigned char chat_say_js[] = {
#embed "site/chat/say.js"
};
static const unsigned char chat_settings_js[] = {
#embed "site/chat/settings.js"
};
static const unsigned char icon_svg[] = {
#embed "site/icon.svg"
};
static const unsigned char index_html[] = {
#embed "site/index.html"
};
static const unsigned char irc_batches_js[] = {
#embed "site/irc/batches.js"
};
static const unsigned char irc_format_js[] = {
#embed "site/irc/format.js"
};
static const unsigned char irc_message_js[] = {
#embed "site/irc/message.js"
};
static const unsigned char irc_registration_js[] = {
#embed "site/irc/registration.js"
};
static const unsigned char irc_socket_js[] = {
#embed "site/irc/socket.js"
};
static const unsigned char irc_support_js[] = {
#embed "site/irc/support.js"
};
static const unsigned char main_js[] = {
#embed "site/main.js"
};
static const unsigned char manifest_webmanifest[] = {
#embed "site/manifest.webmanifest"
};
static const unsigned char session_api_js[] = {
#embed "site/session/api.js"
};
static const unsigned char session_login_js[] = {
#embed "site/session/login.js"
};
static const unsigned char session_password_js[] = {
#embed "site/session/password.js"
};
static const unsigned char session_session_js[] = {
#embed "site/session/session.js"
};
static const unsigned char style_css[] = {
#embed "site/style.css"
};
static const unsigned char sw_js[] = {
#embed "site/sw.js"
};
static const unsigned char view_account_js[] = {
#embed "site/view/account.js"
};
static const unsigned char view_channels_js[] = {
#embed "site/view/channels.js"
};
static const unsigned char view_chat_js[] = {
#embed "site/view/chat.js"
};
static const unsigned char view_composer_js[] = {
#embed "site/view/composer.js"
};
static const unsigned char view_dialog_js[] = {
#embed "site/view/dialog.js"
};
static const unsigned char view_dom_js[] = {
#embed "site/view/dom.js"
};
static const unsigned char view_login_js[] = {
#embed "site/view/login.js"
};
static const unsigned char view_members_js[] = {
#embed "site/view/members.js"
};
static const unsigned char view_menu_js[] = {
#embed "site/view/menu.js"
};
static const unsigned char view_message_js[] = {
#embed "site/view/message.js"
};
static const unsigned char view_messages_js[] = {
#embed "site/view/messages.js"
};
static const unsigned char view_operator_js[] = {
#embed "site/view/operator.js"
};
static const unsigned char view_person_js[] = {
#embed "site/view/person.js"
};
static const unsigned char view_pins_js[] = {
#embed "site/view/pins.js"
};
static const unsigned char view_search_js[] = {
#embed "site/view/search.js"
};
static const unsigned char view_settings_js[] = {
#embed "site/view/settings.js"
};
static const unsigned char view_sidebar_js[] = {
#embed "site/view/sidebar.js"
};
static const unsigned char view_status_js[] = {
#embed "site/view/status.js"
};
static const unsigned char view_walk_js[] = {
#embed "site/view/walk.js"
};

const struct web_client_file *web_client_files(void) {
    static const struct web_client_file files[] = {
        {"chat/buffer.js", chat_buffer_js, sizeof chat_buffer_js},
        {"chat/chat.js", chat_chat_js, sizeof chat_chat_js},
        {"chat/client.js", chat_client_js, sizeof chat_client_js},
        {"chat/commands.js", chat_commands_js, sizeof chat_commands_js},
        {"chat/drafts.js", chat_drafts_js, sizeof chat_drafts_js},
        {"chat/entries.js", chat_entries_js, sizeof chat_entries_js},
        {"chat/history.js", chat_history_js, sizeof chat_history_js},
        {"chat/notify.js", chat_notify_js, sizeof chat_notify_js},
        {"chat/receive.js", chat_receive_js, sizeof chat_receive_js},
        {"chat/say.js", chat_say_js, sizeof chat_say_js},
        {"chat/settings.js", chat_settings_js, sizeof chat_settings_js},
        {"icon.svg", icon_svg, sizeof icon_svg},
        {"index.html", index_html, sizeof index_html},
        {"irc/batches.js", irc_batches_js, sizeof irc_batches_js},
        {"irc/format.js", irc_format_js, sizeof irc_format_js},
        {"irc/message.js", irc_message_js, sizeof irc_message_js},
        {"irc/registration.js", irc_registration_js, sizeof irc_registration_js},
        {"irc/socket.js", irc_socket_js, sizeof irc_socket_js},
        {"irc/support.js", irc_support_js, sizeof irc_support_js},
        {"main.js", main_js, sizeof main_js},
        {"manifest.webmanifest", manifest_webmanifest, sizeof manifest_webmanifest},
        {"session/api.js", session_api_js, sizeof session_api_js},
        {"session/login.js", session_login_js, sizeof session_login_js},
        {"session/password.js", session_password_js, sizeof session_password_js},
        {"session/session.js", session_session_js, sizeof session_session_js},
        {"style.css", style_css, sizeof style_css},
        {"sw.js", sw_js, sizeof sw_js},
        {"view/account.js", view_account_js, sizeof view_account_js},
        {"view/channels.js", view_channels_js, sizeof view_channels_js},
        {"view/chat.js", view_chat_js, sizeof view_chat_js},
        {"view/composer.js", view_composer_js, sizeof view_composer_js},
        {"view/dialog.js", view_dialog_js, sizeof view_dialog_js},
        {"view/dom.js", view_dom_js, sizeof view_dom_js},
        {"view/login.js", view_login_js, sizeof view_login_js},
        {"view/members.js", view_members_js, sizeof view_members_js},
        {"view/menu.js", view_menu_js, sizeof view_menu_js},
        {"view/message.js", view_message_js, sizeof view_message_js},
        {"view/messages.js", view_messages_js, sizeof view_messages_js},
        {"view/operator.js", view_operator_js, sizeof view_operator_js},
        {"view/person.js", view_person_js, sizeof view_person_js},
        {"view/pins.js", view_pins_js, sizeof view_pins_js},
        {"view/search.js", view_search_js, sizeof view_search_js},
        {"view/settings.js", view_settings_js, sizeof view_settings_js},
        {"view/sidebar.js", view_sidebar_js, sizeof view_sidebar_js},
        {"view/status.js", view_status_js, sizeof view_status_js},
        {"view/walk.js", view_walk_js, sizeof view_walk_js},
        {0, 0, 0},
    };
    return files;
}
