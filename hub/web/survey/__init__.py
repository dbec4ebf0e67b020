"""The page behind a QR label: one tap on a face, by phone."""
