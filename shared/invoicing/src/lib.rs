//! Sets invoices: a PDF/A-3 page with its Factur-X data inside.
