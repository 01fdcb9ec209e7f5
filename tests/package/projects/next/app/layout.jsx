export const metadata = { title: "Kasse", icons: { icon: "data:," } };

export default function Layout({ children }) {
  return (
    <html lang="de">
      <body>{children}</body>
    </html>
  );
}
