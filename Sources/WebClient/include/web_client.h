#pragma once
#include <stddef.h>

/// A file of the web client, as it stands in the folder site.
struct web_client_file {
    const char *path;
    const unsigned char *bytes;
    size_t length;
};

/// All of them, ended by one without a path.
const struct web_client_file *web_client_files(void);
