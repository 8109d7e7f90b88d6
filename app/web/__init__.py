"""What all pages share: permissions, error answers, headers, filters, the base form."""
